import { readFileSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Accepted } from './accepted.ts';
import { folders } from './folders.ts';
import { isGood, linesOf, tableOf } from './report.ts';
import { runMutants } from './run.ts';

const HELP = `npm run mutants -- [folder ...]   Default: all folders.

  --sample N              mutants of each folder; default 100
  --seed TEXT             chooses the sample; default 1
  --seconds N             the whole run ends after this time; default 3600
  --seconds-per-mutant N  time of tests for one mutant; default 60
  --tests PATH            only tests whose path begins so; default: all
  --write                 writes the figures to docs/mutants.md
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '3600' },
    'seconds-per-mutant': { type: 'string', default: '60' },
    tests: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
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
  process.stdout.write(`\n${linesOf(result).join('\n')}\n`);
  if (values.write) writeTable(root, tableOf(result, `npm run mutants -- ${process.argv.slice(2).join(' ')}`));
  return isGood(result) ? 0 : 1;
}

function writeTable(root: string, table: string): void {
  const file = join(root, 'docs/mutants.md');
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replace(/(?<=<!-- mutants:begin -->\n).*(?=<!-- mutants:end -->)/s, () => table),
  );
}

process.exitCode = await main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  return 2;
});
