import type { Observation } from './oracle.ts';
import type { World } from './world.ts';

/** What one fault came to. */
export interface Row {
  readonly fault: string;
  readonly requests: number;
  readonly served: number;
  readonly refused: number;
  readonly wrong: number;
  readonly unavailable: number;
  /** Calls that the model allows whatever happened, and those of them that were served. */
  readonly owed: number;
  readonly owedServed: number;
  readonly recoveryMilliseconds: number | undefined;
  /** Bounds that were missed, and examples of wrong decisions; empty: all is well. */
  readonly missed: readonly string[];
}

export interface Verdict {
  readonly recoveryMilliseconds?: number;
  /** Each bound by what it says, and whether it was kept. */
  readonly bounds?: Readonly<Record<string, boolean>>;
  /** How old the state may be that an answer is right by. Default: as the contract publishes it. */
  readonly boundMilliseconds?: number;
}

/** Judges all observations of a fault. */
export function rowOf(fault: string, world: World, observations: readonly Observation[], verdict: Verdict = {}): Row {
  const { bounds = {}, recoveryMilliseconds, boundMilliseconds } = verdict;
  const judged = observations.map((observation) => ({
    observation,
    ...world.oracle.judge(observation, boundMilliseconds),
  }));
  const count = (wanted: string): number => judged.filter((each) => each.verdict === wanted).length;
  const wrong = judged.filter((each) => each.verdict === 'wrong');
  const owed = judged.filter((each) => each.owed);
  const examples = wrong
    .slice(0, 3)
    .map(({ observation, right }) => `wrong: ${JSON.stringify({ right, ...observation })}`);
  return {
    fault,
    requests: judged.length,
    served: count('served'),
    refused: count('refused'),
    wrong: wrong.length + world.wrongChanges.length,
    unavailable: count('unavailable'),
    owed: owed.length,
    owedServed: owed.filter((each) => each.verdict === 'served').length,
    recoveryMilliseconds,
    missed: [
      ...examples,
      ...world.wrongChanges.slice(0, 3).map((text) => `wrong change: ${text}`),
      ...Object.keys(bounds).filter((bound) => bounds[bound] === false),
    ],
  };
}

/** Whether all that the model allows was served. */
export const allServed = ({ owed, owedServed }: Row): boolean => owed > 0 && owedServed === owed;

/** The row with further bounds, which are derived from the row's own numbers. */
export const mustHold = (row: Row, bounds: Readonly<Record<string, (row: Row) => boolean>>): Row => ({
  ...row,
  missed: [...row.missed, ...Object.keys(bounds).filter((name) => bounds[name]?.(row) === false)],
});

const HEAD = ['fault', 'requests', 'served', 'refused rightly', 'wrong', 'unavailable (503)', 'recovery'];

const cellsOf = ({ fault, requests, served, refused, wrong, unavailable, recoveryMilliseconds }: Row): string[] => [
  fault,
  ...[requests, served, refused, wrong, unavailable].map((value) => value.toLocaleString('en-US')),
  recoveryMilliseconds === undefined ? '' : `${recoveryMilliseconds.toLocaleString('en-US')} ms`,
];

export function textTable(rows: readonly Row[]): string {
  const lines = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, at) => Math.max(...lines.map((cells) => (cells[at] as string).length)));
  const pad = (cells: string[]): string =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ');
  const marks = ['', ...rows.map(({ missed }) => (missed.length === 0 ? 'held' : 'MISSED'))];
  return lines.map((cells, at) => `${pad(cells)}  ${marks[at]}`).join('\n');
}

export const markdownTable = (rows: readonly Row[]): string =>
  [HEAD, ['---', ...HEAD.slice(1).map(() => '---:')], ...rows.map(cellsOf)]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
