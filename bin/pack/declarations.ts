import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';

const root = join(import.meta.dirname, '../..');
const ENTRY = 'lib/index.d.ts';
/** Of static, dynamic and bare imports. */
const SPECIFIER = /(\bfrom |\bimport\(|\bimport )(['"])([^'"]+)\2/g;

/** The declarations that the package's own are made of, text by path, with imports that a compiler finds outside of the checkout. */
export function declarations(): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'widget-gate-declarations-'));
  try {
    emit(folder);
    return reachedFrom(ENTRY, (path) => readFileSync(join(folder, path), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function emit(folder: string): void {
  const config = join(folder, 'tsconfig.json');
  const compilerOptions = {
    rootDir: root,
    outDir: folder,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    // What only our own files share, such as the schemas of the options, is not part of the package's types.
    stripInternal: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  };
  const files = [join(root, 'lib/index.ts')];
  writeFileSync(config, JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, files, include: [] }));
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', config], { stdio: 'inherit' });
}

function reachedFrom(entry: string, textOf: (path: string) => string): Map<string, string> {
  const reached = new Map<string, string>();
  const visit = (path: string): void => {
    if (reached.has(path)) return;
    reached.set(path, '');
    const text = textOf(path).replaceAll(SPECIFIER, (_whole, before, quote, specifier: string) => {
      const target = ownFile(path, specifier);
      if (target !== undefined) visit(target.replace(/\.ts$/, '.d.ts'));
      return `${before}${quote}${target === undefined ? specifier : relativeTo(path, target)}${quote}`;
    });
    reached.set(path, text);
  };
  visit(entry);
  return reached;
}

/** The source that a specifier names; undefined for a package. */
function ownFile(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('#')) return specifier.slice(1);
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : undefined;
}

function relativeTo(from: string, source: string): string {
  const path = posix.relative(posix.dirname(from), source).replace(/\.ts$/, '.js');
  return path.startsWith('.') ? path : `./${path}`;
}
