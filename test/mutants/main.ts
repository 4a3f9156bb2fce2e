import { readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Accepted } from './accepted.ts';
import { folders } from './folders.ts';
import { type FolderResult, type RunResult, runMutants } from './run.ts';

const HELP = `npm run mutants -- [folder ...]   Default: all folders.

  --sample N              mutants of each folder; default 100
  --seed TEXT             chooses the sample; default 1
  --seconds N             the whole run ends after this time; default 3600
  --seconds-per-mutant N  time of tests for one mutant; default 60
  --tests PATH            only tests whose path begins so; default: all
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '3600' },
    'seconds-per-mutant': { type: 'string', default: '60' },
    tests: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
});

const numberOf = (option: 'sample' | 'seconds' | 'seconds-per-mutant'): number => {
  const number = Number(values[option]);
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`--${option} needs a whole number above 0.`);
  return number;
};

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const unknown = positionals.filter((path) => !folders.some((folder) => folder.path === path));
  if (unknown.length > 0)
    throw new Error(`No such folder: ${unknown.join(', ')}. Folders: ${folders.map(({ path }) => path).join(', ')}`);
  setPriority(10);
  const root = join(import.meta.dirname, '../..');
  const result = await runMutants({
    root,
    folders: folders.filter(({ path }) => positionals.length === 0 || positionals.includes(path)),
    accepted: JSON.parse(readFileSync(join(import.meta.dirname, 'accepted.json'), 'utf8')) as Accepted[],
    sample: numberOf('sample'),
    tests: values.tests,
    seed: values.seed,
    seconds: numberOf('seconds'),
    secondsPerMutant: numberOf('seconds-per-mutant'),
    say: (text) => process.stdout.write(`${text}\n`),
  });
  return report(result);
}

function report({ results, stale, red }: RunResult): number {
  const lines = results.map(lineOf);
  for (const { file, function: name, mutation } of stale)
    lines.push(`accepted.json: no such mutant any more: ${file} ${name}: ${mutation}`);
  for (const { tried } of results)
    for (const { mutant, verdict, accepted } of tried)
      if (accepted !== undefined && verdict.kind === 'killed')
        lines.push(
          `accepted.json: noticed by ${verdict.by}: ${mutant.file} ${mutant.functionName}: ${mutant.mutation}`,
        );
  for (const test of red) lines.push(`${test} fails without any mutant.`);
  process.stdout.write(`\n${lines.join('\n')}\n`);
  const isWrong =
    lines.length > results.length || results.some((one) => one.tried.length > 0 && rateOf(one) < one.folder.minRate);
  return isWrong ? 1 : 0;
}

const countOf = ({ tried }: FolderResult) => {
  const killed = tried.filter(({ verdict }) => verdict.kind === 'killed').length;
  const equivalent = tried.filter(
    ({ verdict, accepted }) => verdict.kind === 'survived' && accepted?.kind === 'equivalent',
  ).length;
  const unworthy = tried.filter(
    ({ verdict, accepted }) => verdict.kind === 'survived' && accepted?.kind === 'unworthy',
  ).length;
  return { killed, equivalent, unworthy, unexplained: tried.length - killed - equivalent - unworthy };
};

/** The share that was noticed of those that anybody could notice. */
function rateOf(result: FolderResult): number {
  const { killed, equivalent } = countOf(result);
  return killed / Math.max(1, result.tried.length - equivalent);
}

function lineOf(result: FolderResult): string {
  const { folder, tried, isComplete } = result;
  const { killed, equivalent, unworthy, unexplained } = countOf(result);
  const rate = `${(100 * rateOf(result)).toFixed(1)} % (at least ${100 * folder.minRate} %)`;
  const rest = `${equivalent} equivalent, ${unworthy} accepted, ${unexplained} unexplained`;
  return `${folder.path}: ${killed} of ${tried.length} noticed, ${rate}; ${rest}${isComplete ? '' : '; the time was up'}`;
}

process.exitCode = await main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  return 2;
});
