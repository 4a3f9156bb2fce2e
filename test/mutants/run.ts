import { join } from 'node:path';
import { type Accepted, isAcceptedAs, staleEntries } from './accepted.ts';
import { folders as everyFolder, type Folder, isIn } from './folders.ts';
import { JestProcess } from './jest-process.ts';
import { type Mutant, mutantsOf, mutate } from './operators.ts';
import { measureReach, type Reach, testsReaching } from './reach.ts';
import { digestOf, Records } from './records.ts';
import { TypeCheck } from './type-check.ts';
import { Workspace } from './workspace.ts';

export interface RunOptions {
  readonly root: string;
  readonly folders: readonly Folder[];
  readonly accepted: readonly Accepted[];
  /** Tests whose path begins so; all if empty. Fewer tests notice fewer mutants. */
  readonly tests: string;
  /** Mutants of each folder. */
  readonly sample: number;
  /** Chooses the sample: the same seed chooses the same mutants, whatever else a file gains or loses. */
  readonly seed: string;
  /** The whole run ends after this time, with what it knows by then. */
  readonly seconds: number;
  /** A mutant counts as unnoticed when the tests that reach it have run for this time, fastest first. */
  readonly secondsPerMutant: number;
  readonly say: (text: string) => void;
}

export type Verdict =
  | { readonly kind: 'killed'; readonly by: string; readonly failed: string }
  | { readonly kind: 'survived'; readonly tests: number; readonly outOf: number };

/** No test noticed it, but the type check does: it does not count. */
type Rejected = { readonly kind: 'rejected' };

export interface FolderResult {
  readonly folder: Folder;
  readonly tried: readonly {
    readonly mutant: Mutant;
    readonly verdict: Verdict;
    readonly accepted: Accepted | undefined;
  }[];
  /** False if the time was up before the sample was. */
  readonly isComplete: boolean;
}

export interface RunResult {
  readonly results: readonly FolderResult[];
  readonly stale: readonly Accepted[];
  /** Tests that fail without any mutant: what they would notice isn't known. */
  readonly red: readonly string[];
}

/** Tests that noticed nothing for so long wait for the type check, which takes a few seconds. */
const MILLISECONDS_BEFORE_TYPE_CHECK = 10_000;

/** A verdict, a digest of what it depends on beside the mutant's own file, and how long tests might have run for it. */
type Recorded = { readonly verdict: Verdict | Rejected; readonly depends: string; readonly seconds: number };

/** Changes copies of files one at a time, and sees which changes the tests notice. The checkout itself is never written to. */
export async function runMutants(options: RunOptions): Promise<RunResult> {
  const workspace = new Workspace(options.root);
  const jest = new JestProcess(workspace.root);
  const dispose = (): void => {
    jest.close();
    workspace.dispose();
  };
  const end = (): never => {
    dispose();
    process.exit(130);
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  try {
    return await new Run(options, workspace, jest).run();
  } finally {
    process.removeListener('SIGINT', end).removeListener('SIGTERM', end);
    dispose();
  }
}

class Run {
  readonly #options: RunOptions;
  readonly #workspace: Workspace;
  readonly #jest: JestProcess;
  readonly #reach: Records<Reach>;
  readonly #verdicts: Records<Recorded>;
  readonly #typeCheck: TypeCheck;
  /** Of every file that the type check reads. */
  readonly #sources: string;
  readonly #endsAt: number;
  /** Whether a test passes without a mutant; looked at when it first fails with one. */
  readonly #green = new Map<string, boolean>();
  /** What noticed earlier mutants of a function notices its next ones most often. */
  readonly #killers = new Map<string, string[]>();

  constructor(options: RunOptions, workspace: Workspace, jest: JestProcess) {
    this.#options = options;
    this.#workspace = workspace;
    this.#jest = jest;
    this.#reach = new Records(join(options.root, '.mutants/reach.json'));
    this.#verdicts = new Records(join(options.root, '.mutants/verdicts.json'));
    this.#typeCheck = new TypeCheck(workspace);
    this.#sources = digestOf(
      ...workspace.files.filter((file) => /\.tsx?$/.test(file)).map((file) => workspace.read(file)),
    );
    this.#endsAt = performance.now() + options.seconds * 1_000;
  }

  async run(): Promise<RunResult> {
    const { folders, accepted, say } = this.#options;
    const { files } = this.#workspace;
    const probed = files.filter((file) => everyFolder.some((folder) => isIn(file, folder)));
    const sources = probed.filter((file) => folders.some((folder) => isIn(file, folder)));
    const tests = files.filter(
      (file) =>
        /^test\/.*\.test\.ts$/.test(file) && !file.startsWith('test/mutants/') && file.startsWith(this.#options.tests),
    );
    const all = sources.flatMap((file) => mutantsOf(file, this.#workspace.read(file)));
    await this.#workspace.build();
    await measureReach(this.#workspace, this.#jest, tests, probed, this.#reach, () => this.#hasTime(), say);
    const results: FolderResult[] = [];
    for (const [at, folder] of folders.entries()) {
      const share = (this.#endsAt - performance.now()) / (folders.length - at);
      const mutants = all.filter(({ file }) => isIn(file, folder));
      results.push(await this.#tryFolder(folder, mutants, performance.now() + share));
    }
    const chosen = accepted.filter(({ file }) => sources.includes(file) || !files.includes(file));
    const red = [...this.#green].filter(([, isGreen]) => !isGreen).map(([test]) => test);
    return { results, stale: staleEntries(chosen, all), red };
  }

  async #tryFolder(folder: Folder, mutants: readonly Mutant[], endsAt: number): Promise<FolderResult> {
    const { sample, say, accepted } = this.#options;
    const tried: { mutant: Mutant; verdict: Verdict; accepted: Accepted | undefined }[] = [];
    for (const mutant of this.#shuffled(mutants)) {
      if (tried.length >= sample || performance.now() > endsAt) break;
      const verdict = await this.#verdictOf(mutant);
      if (verdict.kind === 'rejected') continue;
      const entry = accepted.find((one) => isAcceptedAs(mutant, one));
      tried.push({ mutant, verdict, accepted: entry });
      if (verdict.kind === 'survived' && entry === undefined) say(`unnoticed: ${describe(mutant, verdict)}`);
    }
    return { folder, tried, isComplete: tried.length >= sample || performance.now() <= endsAt };
  }

  /** By a digest of seed and mutant, so that an edit elsewhere leaves the choice as it was. */
  #shuffled(mutants: readonly Mutant[]): Mutant[] {
    const place = ({ file, functionName, lineText, mutation, start }: Mutant): string =>
      digestOf(this.#options.seed, file, functionName, lineText, mutation) + start;
    return [...mutants].sort((a, b) => (place(a) < place(b) ? -1 : 1));
  }

  async #verdictOf(mutant: Mutant): Promise<Verdict | Rejected> {
    const { file, functionName, start, replacement } = mutant;
    const { secondsPerMutant: seconds } = this.#options;
    const tests = this.#testsFor(mutant);
    const text = this.#workspace.read(file);
    const key = digestOf(file, functionName, text, String(start), String(mutant.end), replacement);
    const known = this.#verdicts.get(key);
    if (known !== undefined && this.#holds(known, tests)) return known.verdict;
    this.#workspace.write(file, mutate(text, mutant));
    try {
      const verdict = await this.#try(mutant, tests);
      // A test that was red for a reason of its own may notice it in the next run.
      const isFinal = verdict.kind !== 'survived' || tests.every((test) => this.#green.get(test) !== false);
      if (isFinal) this.#verdicts.set(key, { verdict, depends: this.#dependenciesOf(verdict, tests), seconds });
      return verdict;
    } finally {
      this.#workspace.restore();
    }
  }

  /** More time may show what a shorter run did not. */
  #holds({ verdict, depends, seconds }: Recorded, tests: readonly string[]): boolean {
    const hadTime = verdict.kind !== 'survived' || verdict.tests === verdict.outOf;
    return (hadTime || seconds >= this.#options.secondsPerMutant) && depends === this.#dependenciesOf(verdict, tests);
  }

  /** The test that noticed it, all that did not, or what the type check reads. */
  #dependenciesOf(verdict: Verdict | Rejected, tests: readonly string[]): string {
    if (verdict.kind === 'rejected') return this.#sources;
    const decisive = verdict.kind === 'killed' ? [verdict.by] : [...tests].sort();
    return digestOf(...decisive.map((test) => this.#workspace.read(test)));
  }

  #testsFor({ file, functionName }: Mutant): string[] {
    const tests = testsReaching(file, functionName, this.#reach).filter((test) => test.startsWith(this.#options.tests));
    const killers = (this.#killers.get(`${file} ${functionName}`) ?? []).filter((test) => tests.includes(test));
    return [...new Set([...killers, ...tests])];
  }

  async #try(mutant: Mutant, tests: readonly string[]): Promise<Verdict | Rejected> {
    const most = this.#options.secondsPerMutant * 1_000;
    let spent = 0;
    let ran = 0;
    let isTyped = false;
    for (const test of tests) {
      if (spent >= most) break;
      if (!isTyped && spent > MILLISECONDS_BEFORE_TYPE_CHECK) {
        if (!(await this.#typeCheck.accepts(mutant))) return { kind: 'rejected' };
        isTyped = true;
      }
      if (this.#green.get(test) === false) continue;
      if (this.#usesBundles(test) && !(await this.#workspace.build()))
        return { kind: 'killed', by: test, failed: 'the bundles cannot be built' };
      const { result, failed, milliseconds } = await this.#jest.run(test, this.#timeoutOf(test));
      spent += milliseconds;
      ran += 1;
      if (result === 'passed' || !(await this.#isGreen(test, mutant))) continue;
      const name = `${mutant.file} ${mutant.functionName}`;
      this.#killers.set(name, [...new Set([test, ...(this.#killers.get(name) ?? [])])]);
      return { kind: 'killed', by: test, failed: result === 'timed-out' ? 'it did not end' : failed };
    }
    if (!isTyped && !(await this.#typeCheck.accepts(mutant))) return { kind: 'rejected' };
    return { kind: 'survived', tests: ran, outOf: tests.length };
  }

  /** Runs a test that failed once more without the mutant, unless it is known to pass. */
  async #isGreen(test: string, mutant: Mutant): Promise<boolean> {
    const known = this.#green.get(test);
    if (known !== undefined) return known;
    this.#workspace.restore();
    if (this.#usesBundles(test)) await this.#workspace.build();
    const { result } = await this.#jest.run(test, this.#timeoutOf(test));
    this.#green.set(test, result === 'passed');
    this.#workspace.write(mutant.file, mutate(this.#workspace.read(mutant.file), mutant));
    return result === 'passed';
  }

  /** Tests of single modules load the sources themselves, unless they start a gate. */
  #usesBundles(test: string): boolean {
    return !/^test\/(lambda|contract)\//.test(test) || this.#workspace.read(test).includes('startGate');
  }

  /** Several times of what the test needs. */
  #timeoutOf(test: string): number {
    return 15_000 + 5 * (this.#reach.get(test)?.milliseconds ?? 0);
  }

  #hasTime(): boolean {
    return performance.now() < this.#endsAt;
  }
}

export const describe = (
  { file, line, functionName, mutation }: Mutant,
  { tests, outOf }: { tests: number; outOf: number },
): string => `${file}:${line} ${functionName}: ${mutation} (${tests} of ${outOf} tests)`;
