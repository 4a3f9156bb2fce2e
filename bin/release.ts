import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { releaseProblems } from './release/changelog.ts';

const root = join(import.meta.dirname, '..');

/** Something keeps the release back; the message says what to do. */
class ReleaseError extends Error {}

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
const npm = (...args: string[]): void =>
  void execFileSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });

/** `npm run release`: checks that the version of package.json can be released, runs all tests, packs it and tags the commit. Pushes nothing. */
function release(isDryRun: boolean): void {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  const tag = `v${version}`;
  const problems = problemsOf(version, tag);
  if (problems.length > 0) throw new ReleaseError(problems.join('\n'));
  run('npm test', () => npm('test'));
  run('npm run pack', () => npm('run', 'pack'));
  const changed = git('status', '--porcelain');
  if (changed !== '') throw new ReleaseError(`Tests or packing changed files; commit or ignore them:\n${changed}`);
  const tarball = join(root, `dist/widget-gate-${version}.tgz`);
  const digest = createHash('sha256').update(readFileSync(tarball)).digest('hex');
  console.log(`\n${relative(root, tarball)}  SHA-256 ${digest}`);
  if (isDryRun) {
    console.log(`Dry run: ${tag} was not made. Everything else is ready.`);
    return;
  }
  git('tag', '--annotate', tag, '--message', `Widget Gate ${version}`);
  console.log(
    `${tag} is at ${git('rev-parse', '--short', 'HEAD')}. Publish it: git push origin ${tag}, then attach the tarball to the release.`,
  );
}

function problemsOf(version: string, tag: string): string[] {
  const changed = git('status', '--porcelain');
  const { version: locked } = JSON.parse(read('package-lock.json')) as { version: string };
  return [
    ...(changed === '' ? [] : [`The working tree has changes; commit them first:\n${changed}`]),
    ...(git('tag', '--list', tag) === '' ? [] : [`${tag} exists: raise the version in package.json.`]),
    ...(locked === version ? [] : [`package-lock.json has version ${locked}: run npm install --package-lock-only.`]),
    ...releaseProblems(read('CHANGELOG.md'), version),
    ...(read('docs/upgrading.md').includes(`\n| ${version} |`)
      ? []
      : [`docs/upgrading.md has no row for ${version} under "What each release asks for".`]),
  ];
}

function run(what: string, step: () => void): void {
  try {
    step();
  } catch {
    throw new ReleaseError(`${what} failed; its output is above.`);
  }
}

try {
  release(parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } }).values['dry-run']);
} catch (error) {
  if (!(error instanceof ReleaseError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
