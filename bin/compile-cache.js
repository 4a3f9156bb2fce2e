// Plain JavaScript, because a Node that is too old for TypeScript must be able to run it.
import module from 'node:module';
import { fileURLToPath } from 'node:url';

// Node keeps what it compiled, for the threads and processes of this one, too: the next start needs half of the time.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../dist/compile-cache', import.meta.url));
module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
