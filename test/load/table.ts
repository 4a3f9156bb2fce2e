import type { LoadResult } from './result.ts';

const milliseconds = (value: number): string => value.toFixed(0);

const COLUMNS: readonly (readonly [string, (result: LoadResult) => string])[] = [
  ['scenario', ({ scenario }) => scenario],
  ['requests/s', ({ perSecond }) => perSecond.toFixed(0)],
  ['p50 ms', ({ p50 }) => milliseconds(p50)],
  ['p99 ms', ({ p99 }) => milliseconds(p99)],
  ['max ms', ({ max }) => milliseconds(max)],
  ['2xx', (result) => String(result['2xx'])],
  ['4xx', (result) => String(result['4xx'])],
  ['5xx', (result) => String(result['5xx'])],
  ['errors', ({ errors }) => String(errors)],
  ['RSS MB', ({ rssMegabytes }) => rssMegabytes.toFixed(0)],
  ['checks', ({ failures }) => (failures.length === 0 ? 'held' : `FAILED: ${failures.join('; ')}`)],
];

/** The results as a Markdown table that reads well in a terminal, too. */
export function loadTable(results: readonly LoadResult[]): string {
  const rows = [COLUMNS.map(([name]) => name), ...results.map((result) => COLUMNS.map(([, text]) => text(result)))];
  const widths = COLUMNS.map((_column, at) => Math.max(...rows.map((row) => (row[at] as string).length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] as number)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}
