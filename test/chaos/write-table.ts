import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { markdownTable, type Row } from './report.ts';

const FILE = join(import.meta.dirname, '../../docs/reliability.md');
const [BEGIN, END] = ['<!-- chaos:begin -->', '<!-- chaos:end -->'];

/** Puts the table between its markers in docs/reliability.md, which must have them. */
export function writeTable(rows: readonly Row[], seed: number): void {
  const text = existsSync(FILE) ? readFileSync(FILE, 'utf8') : '';
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`docs/reliability.md lacks ${BEGIN} and ${END}`);
  const date = new Date().toISOString().slice(0, 10);
  const how = `\`npm run chaos -- --seed ${seed} --write\`, ${date}, Node ${process.version}, ${availableParallelism()} cores`;
  writeFileSync(FILE, `${text.slice(0, from)}${BEGIN}\n${how}\n\n${markdownTable(rows)}\n${text.slice(to)}`);
}
