import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formProblems, releaseProblems } from '#bin/release/changelog.ts';
import packageJson from '../../package.json' with { type: 'json' };

const root = join(import.meta.dirname, '../..');
const { version } = packageJson;
const RELEASED = `# Changelog\n\n## [Unreleased]\n\n## [${version}] - 2026-12-01\n\n### Added\n\n- Something.\n`;

test('the changelog has the form of Keep a Changelog', () => {
  expect(formProblems(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'))).toEqual([]);
});

test.each([
  ['without a section for what comes', '## [1.0.0] - 2026-12-01\n', /^The first section must be "## \[Unreleased\]"/],
  ['with a release without a date', '## [Unreleased]\n\n## 1.0.0\n', /^"## 1\.0\.0" must be/],
  ['with a date that does not exist', '## [Unreleased]\n\n## [1.0.0] - 2026-02-30\n', /2026-02-30" must be/],
  ['in the wrong order', '## [Unreleased]\n\n## [1.9.0] - 2026-12-01\n\n## [1.10.0] - 2026-12-02\n', /^The newest/],
  [
    'with another kind of change',
    '## [Unreleased]\n\n### Improved\n',
    /^"### Improved" in \[Unreleased\] must be one of/,
  ],
])('a changelog %s is refused', (_name, changelog, problem) => {
  expect(formProblems(`# Changelog\n\n${changelog}`)).toEqual([expect.stringMatching(problem)]);
});

test.each([
  ['that it does not have', RELEASED.replace(version, '0.0.1'), /^The first release in CHANGELOG\.md must be "## \[/],
  ['with nothing in it', RELEASED.replace('- Something.\n', ''), /has no entry/],
  ['while changes are unreleased', RELEASED.replace('## [Unreleased]\n', '$&\n- More.\n'), /must be empty/],
])('a changelog releases no version %s', (_name, changelog, problem) => {
  expect(releaseProblems(changelog, version)).toEqual([expect.stringMatching(problem)]);
  expect(releaseProblems(RELEASED, version)).toEqual([]);
});

describe('npm run release, in a clone', () => {
  let folder: string;
  let clone: string;
  const identity = { GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.com' };
  const committer = { GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@example.com' };
  const env = () => ({ ...process.env, ...identity, ...committer, PATH: `${join(folder, 'bin')}:${process.env.PATH}` });
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: clone, encoding: 'utf8', env: env() });
  const write = (file: string, text: string): void => writeFileSync(join(clone, file), text);
  const release = (...args: string[]) =>
    spawnSync(process.execPath, ['bin/release.ts', ...args], { cwd: clone, encoding: 'utf8', env: env() });

  /** The tests of the clone would start this one again: their result is that of a file. */
  function stubTests(): void {
    const real = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();
    mkdirSync(join(folder, 'bin'));
    const script = `#!/bin/sh\nif [ "$1" = test ]; then exec test ! -e "${folder}/failing"; fi\nexec "${real}" "$@"\n`;
    writeFileSync(join(folder, 'bin/npm'), script);
    chmodSync(join(folder, 'bin/npm'), 0o755);
  }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'widget-gate-release-'));
    clone = join(folder, 'clone');
    stubTests();
    execFileSync('git', ['clone', '--quiet', '--no-tags', root, clone]);
    // As the files are now, committed or not.
    const files = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
    for (const file of execFileSync('git', files, { cwd: root, encoding: 'utf8' }).split('\0'))
      if (file !== '' && existsSync(join(root, file))) cpSync(join(root, file), join(clone, file));
    symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
    for (const built of ['lambda', 'meta', 'web', 'built-from'])
      cpSync(join(root, 'dist', built), join(clone, 'dist', built), { recursive: true });
    write('CHANGELOG.md', RELEASED);
    git('add', '--all');
    git('commit', '--quiet', '--message', 'Date the release');
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('refuses a working tree with changes, naming them', () => {
    write('left-over.txt', '');
    expect(release('--dry-run')).toMatchObject({ status: 1, stderr: expect.stringMatching(/\?\? left-over\.txt/) });
    rmSync(join(clone, 'left-over.txt'));
  });

  test('tags nothing when a test fails', () => {
    writeFileSync(join(folder, 'failing'), '');
    expect(release()).toMatchObject({ status: 1, stderr: expect.stringMatching(/^npm test failed/m) });
    expect(git('tag')).toBe('');
    rmSync(join(folder, 'failing'));
  });

  test('packs and tags, but for a dry run, which only packs; and refuses to do it again', () => {
    const dry = release('--dry-run');
    expect([dry.status, git('tag')]).toEqual([0, '']);
    const digest = /widget-gate-[\d.]+\.tgz {2}SHA-256 ([0-9a-f]{64})/;
    expect(dry.stdout).toMatch(digest);
    const done = release();
    expect([done.status, git('tag').trim()]).toEqual([0, `v${version}`]);
    expect(git('cat-file', '-t', `v${version}`).trim()).toBe('tag');
    // The same commit makes the same bytes.
    expect(digest.exec(done.stdout)?.[1]).toBe(digest.exec(dry.stdout)?.[1]);
    expect(release()).toMatchObject({ status: 1, stderr: expect.stringContaining(`v${version} exists`) });
  }, 600_000);
});
