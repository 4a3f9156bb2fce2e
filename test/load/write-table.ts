import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import type { LoadResult } from './result.ts';
import { loadTable } from './table.ts';

const [BEGIN, END] = ['<!-- load:begin -->', '<!-- load:end -->'];
const HEADING = '# Reliability\n';
const SECTION = '## Under load\n';

/** What the numbers are, and are not. */
export const caveat = (): string =>
  `Load generator and gate share the ${availableParallelism()} cores of one machine, and the gate is the local host, not AWS: at most four environments of each function, a store in the same process. The checks hold for the code; the numbers are this machine's.`;

/** Puts the results between their markers, and leaves all else in the file as it is; a file or section that is missing is made. */
export function writeLoadTable(file: string, results: readonly LoadResult[]): void {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : HEADING;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, withSection(text, section(results)));
}

function section(results: readonly LoadResult[]): string {
  const date = new Date().toISOString().slice(0, 10);
  const run = `\`npm run load -- --write\`, ${date}, Node ${process.version}, ${availableParallelism()} cores.`;
  return `${BEGIN}\n${run} ${caveat()}\n\n${loadTable(results)}\n${END}`;
}

function withSection(text: string, made: string): string {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 && to < 0) return `${text.trimEnd()}\n\n${SECTION}\n${made}\n`;
  if (from < 0 || to < from) throw new Error(`the markers ${BEGIN} and ${END} are not a pair`);
  return text.slice(0, from) + made + text.slice(to + END.length);
}
