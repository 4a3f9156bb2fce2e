import { cpus } from 'node:os';
import type { FolderResult, RunResult } from './run.ts';

interface Counts {
  readonly killed: number;
  readonly equivalent: number;
  readonly accepted: number;
  readonly unexplained: number;
  /** The share that was noticed of those that anybody could notice. */
  readonly rate: number;
}

function countsOf({ tried }: FolderResult): Counts {
  const survived = tried.filter(({ verdict }) => verdict.kind === 'survived');
  const killed = tried.length - survived.length;
  const equivalent = survived.filter(({ accepted }) => accepted?.kind === 'equivalent').length;
  const accepted = survived.filter((one) => one.accepted?.kind === 'unworthy').length;
  const unexplained = survived.length - equivalent - accepted;
  return { killed, equivalent, accepted, unexplained, rate: killed / Math.max(1, tried.length - equivalent) };
}

const percent = (rate: number): string => `${(100 * rate).toFixed(1)} %`;

function lineOf(result: FolderResult): string {
  const { folder, tried, isComplete } = result;
  const { killed, equivalent, accepted, unexplained, rate } = countsOf(result);
  const rates = `${percent(rate)} (at least ${percent(folder.minRate)})`;
  const rest = `${equivalent} equivalent, ${accepted} accepted, ${unexplained} unexplained`;
  return `${folder.path}: ${killed} of ${tried.length} noticed, ${rates}; ${rest}${isComplete ? '' : '; the time was up'}`;
}

/** What is wrong with the list of accepted survivors, or with the tests themselves. */
function faultsOf({ results, stale, red }: RunResult): string[] {
  const noticed = results.flatMap(({ tried }) =>
    tried.flatMap(({ mutant: { file, functionName, mutation }, verdict, accepted }) =>
      accepted !== undefined && verdict.kind === 'killed'
        ? [`accepted.json: noticed by ${verdict.by}: ${file} ${functionName}: ${mutation}`]
        : [],
    ),
  );
  return [
    ...stale.map(
      (entry) => `accepted.json: no such mutant any more: ${entry.file} ${entry.function}: ${entry.mutation}`,
    ),
    ...noticed,
    ...red.map((test) => `${test} fails without any mutant.`),
  ];
}

export const linesOf = (result: RunResult): string[] => [...result.results.map(lineOf), ...faultsOf(result)];

/** Whether every folder reaches its share and nothing is wrong with the run itself. */
export const isGood = (result: RunResult): boolean =>
  faultsOf(result).length === 0 &&
  result.results.every((one) => one.tried.length === 0 || countsOf(one).rate >= one.folder.minRate);

/** The figures as Markdown. */
export function tableOf({ results }: RunResult, command: string): string {
  const rows = results.map((result) => {
    const { killed, equivalent, accepted, unexplained, rate } = countsOf(result);
    const cells = [
      result.tried.length,
      killed,
      equivalent,
      accepted,
      unexplained,
      percent(rate),
      percent(result.folder.minRate),
    ];
    return `| ${result.folder.path} | ${cells.join(' | ')} |`;
  });
  return [
    `\`${command}\`, ${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus().length} cores`,
    '',
    '| folder | tried | noticed | equivalent | accepted | unexplained | rate | wanted |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
  ].join('\n');
}
