import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { JestProcess } from './jest-process.ts';
import { withProbes } from './probes.ts';
import { digestOf, type Records } from './records.ts';
import type { Workspace } from './workspace.ts';

/** What one file of tests runs, and how long it takes. */
export interface Reach {
  /** Of the file of tests. */
  readonly digest: string;
  readonly milliseconds: number;
  /** Names of functions by file. */
  readonly functions: Readonly<Record<string, readonly string[]>>;
}

const MAX_MILLISECONDS = 240_000;

/** The fastest first, so that a run that is ended early knows most. */
const placeOf = (test: string): number =>
  [
    'test/lambda/',
    'test/contract/',
    'test/lib/',
    'test/local/',
    'test/conformance/',
    'test/cli/',
    'test/browser/',
  ].findIndex((folder) => test.startsWith(folder));

/** Measures what each file of tests runs, unless an earlier run did so for the same tests. Stops when `hasTime` is false. */
export async function measureReach(
  workspace: Workspace,
  jest: JestProcess,
  tests: readonly string[],
  sources: readonly string[],
  records: Records<Reach>,
  hasTime: () => boolean,
  say: (text: string) => void,
): Promise<void> {
  for (const [test] of records.entries()) if (!workspace.files.includes(test)) records.delete(test);
  const missing = tests
    .filter((test) => records.get(test)?.digest !== digestOf(workspace.read(test)))
    .sort((a, b) => placeOf(a) - placeOf(b));
  if (missing.length === 0 || !hasTime()) return;
  const log = join(workspace.root, '.mutants-reached');
  for (const file of sources) workspace.write(file, withProbes(file, workspace.read(file), log));
  await workspace.build();
  for (const test of missing) {
    if (!hasTime()) break;
    rmSync(log, { force: true });
    const { result, milliseconds } = await jest.run(test, MAX_MILLISECONDS);
    const lines = existsSync(log) ? new Set(readFileSync(log, 'utf8').split('\n')) : new Set<string>();
    records.set(test, { digest: digestOf(workspace.read(test)), milliseconds, functions: byFile([...lines]) });
    say(
      `measured ${test}: ${milliseconds} ms, ${lines.size} functions${result === 'timed-out' ? ', not to its end' : ''}`,
    );
  }
  workspace.restore();
  await workspace.build();
}

function byFile(lines: readonly string[]): Record<string, string[]> {
  const functions: Record<string, string[]> = {};
  for (const line of lines) {
    const [file = '', name = ''] = line.split('\t');
    if (file === '') continue;
    functions[file] ??= [];
    functions[file].push(name);
  }
  return functions;
}

/**
 * The files of tests that run a function, fastest first. A browser can't report what it ran: what only browsers load is reached by every
 * test in a browser.
 */
export function testsReaching(file: string, functionName: string, records: Records<Reach>): string[] {
  const measured = records.entries();
  const inFile = measured.filter(([, { functions }]) => functions[file] !== undefined);
  const inFunction = inFile.filter(([, { functions }]) => functions[file]?.includes(functionName));
  const isKnown = inFile.some(([, { functions }]) => functions[file]?.includes(functionName));
  const inBrowsers = /^web\/(admin|widget)\//.test(file)
    ? measured.filter(([test]) => test.startsWith('test/browser/'))
    : [];
  const reaching = new Map([...(isKnown ? inFunction : inFile), ...inBrowsers]);
  return [...reaching].sort(([, a], [, b]) => a.milliseconds - b.milliseconds).map(([test]) => test);
}
