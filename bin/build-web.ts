import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build, type InlineConfig } from 'vite';
import packageJson from '../package.json' with { type: 'json' };
import { errorPage } from './error-page.ts';
import { writeIfChanged } from './write-if-changed.ts';

const root = join(import.meta.dirname, '..');
/** The files of the web, laid out as they are served. */
const WEB = join(root, 'dist/web');
const VERSIONED = `widget/${packageJson.version}/widget.js`;

/** Builds what browsers load to `dist/web`: the widget, floating and under its version, and the administrators' console. */
export async function buildWeb(): Promise<void> {
  const files = new Map([...(await widgetFiles()), ...(await consoleFiles())]);
  for (const [path, contents] of files) writeIfChanged(join(WEB, path), contents);
  for (const old of readdirSync(WEB, { recursive: true, withFileTypes: true })) {
    const path = relative(WEB, join(old.parentPath, old.name));
    if (old.isFile() && !files.has(path)) rmSync(join(WEB, path));
  }
}

async function widgetFiles(): Promise<[string, Buffer][]> {
  const files = await buildFiles({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    define: { WIDGET_VERSION: JSON.stringify(packageJson.version) },
    build: {
      write: false,
      modulePreload: false,
      target: 'es2022',
      rolldownOptions: { input: join(root, 'web/widget/main.ts'), output: { format: 'iife' } },
    },
  });
  const script = Buffer.concat([...files.values()]);
  const integrity = `sha384-${createHash('sha384').update(script).digest('base64')}`;
  const latest = { version: packageJson.version, path: `/${VERSIONED}`, integrity };
  return [
    ['widget.js', script],
    [VERSIONED, script],
    ['widget/latest.json', Buffer.from(`${JSON.stringify(latest)}\n`)],
    [VERSIONED.replace('widget.js', 'errors.html'), Buffer.from(errorPage())],
    [VERSIONED.replace(/js$/, 'd.ts'), readFileSync(join(root, 'web/widget/widget.d.ts'))],
  ];
}

async function consoleFiles(): Promise<[string, Buffer][]> {
  const built = await buildFiles({
    root: join(root, 'web/admin'),
    configFile: false,
    base: '/admin/',
    logLevel: 'warn',
    // Its polyfill would be an inline script, which the console's policy forbids.
    build: { write: false, modulePreload: false, assetsInlineLimit: 0, target: 'es2022' },
    // Whatever NODE_ENV is: the code for development would name the files of this machine.
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
  });
  return [...built].map(([name, contents]) => [`admin/${name}`, contents]);
}

/** What Vite makes, by file name. */
async function buildFiles(config: InlineConfig): Promise<Map<string, Buffer>> {
  const built = await build(config);
  const bundles = Array.isArray(built) ? built : [built];
  return new Map(
    bundles
      .flatMap((one) => ('output' in one ? one.output : []))
      .map((file) => [file.fileName, Buffer.from(file.type === 'chunk' ? file.code : file.source)]),
  );
}
