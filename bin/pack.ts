import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildIfChanged } from './build.ts';
import { bundleForOthers } from './pack/bundles.ts';
import { declarations } from './pack/declarations.ts';
import { cdkFlagsFile, packageManifest } from './pack/manifest.ts';
import { thirdPartyLicenses } from './pack/third-party-licenses.ts';

const root = join(import.meta.dirname, '..');

/** What the package has as it is in the checkout. */
const COPIED = ['LICENSE', 'dist/lambda', 'dist/web', 'lib/edge'];

/** For people who have the package alone: how to use and to operate it. */
const PAGES = [
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  ...['use-in-your-cdk-app', 'upgrading', 'stage-options', 'operate', 'alarms', 'runbooks', 'cli'].map(
    (name) => `docs/${name}.md`,
  ),
];

/**
 * `npm run pack [-- --to FOLDER]`: makes the package that other CDK apps install, as a folder `package` and a tarball beside it in `folder`; the tarball's path.
 * The package has compiled code only, because Node does not run TypeScript below node_modules. What is read at run time is where it is in the
 * checkout, seen from `lib/`.
 */
export async function pack(folder: string): Promise<string> {
  await buildIfChanged();
  const target = join(folder, 'package');
  rmSync(target, { recursive: true, force: true });
  const { files, inputs } = await bundleForOthers();
  const texts = new Map<string, string>([
    ...files,
    ...declarations(),
    ['package.json', packageManifest()],
    ['cdk.json', cdkFlagsFile()],
    ['THIRD-PARTY-LICENSES.txt', thirdPartyLicenses(inputs)],
    ...PAGES.map((path): [string, string] => [path, withoutDeadLinks(path)]),
  ]);
  for (const [path, text] of texts) write(join(target, path), text);
  for (const path of COPIED) cpSync(join(root, path), join(target, path), { recursive: true });
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', resolve(folder)], {
    cwd: target,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  });
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  return join(folder, filename);
}

/** A page with its links to what the package does not have as plain text. */
function withoutDeadLinks(page: string): string {
  const there = [...PAGES, 'LICENSE'];
  return readFileSync(join(root, page), 'utf8').replaceAll(
    /!?\[([^\]]*)\]\(([^)#\s]*)(#[^)\s]*)?\)/g,
    (link, text, path: string) => {
      const isKept = path === '' || /^[a-z]+:/.test(path) || there.includes(posix.join(posix.dirname(page), path));
      return isKept ? link : text;
    },
  );
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  // npm makes the command executable where it installs it.
  writeFileSync(file, text);
}

if (import.meta.main) {
  const { to } = parseArgs({ options: { to: { type: 'string', default: join(root, 'dist') } } }).values;
  console.log(await pack(to));
}
