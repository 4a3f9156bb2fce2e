/** One line of the table: what was measured, what came out, what was to be reached. */
export interface Row {
  readonly row: string;
  readonly measured: string;
  readonly result: string;
  readonly reach: string;
  /** Undefined: printed for information. */
  readonly reached: boolean | undefined;
}

const atLeast = (ratio: number, bound: number) => ({
  result: `${ratio.toFixed(2)}×`,
  reach: `≥ ${bound}×`,
  reached: ratio >= bound,
});
const atMost = (value: number, bound: number, unit: string) => ({
  result: `${value.toFixed(2)}${unit}`,
  reach: `≤ ${bound}${unit}`,
  reached: value <= bound,
});

export const ratioAtLeast = (row: string, measured: string, ratio: number, bound: number): Row => ({
  row,
  measured,
  ...atLeast(ratio, bound),
});
export const valueAtMost = (row: string, measured: string, value: number, bound: number, unit = ''): Row => ({
  row,
  measured,
  ...atMost(value, bound, unit),
});
export const information = (row: string, measured: string, result: string): Row => ({
  row,
  measured,
  result,
  reach: '',
  reached: undefined,
});

export function printTable(rows: readonly Row[]): void {
  const columns: (keyof Row)[] = ['row', 'measured', 'result', 'reach'];
  const width = (column: keyof Row): number =>
    Math.max(column.length, ...rows.map((row) => String(row[column]).length));
  const line = (texts: string[]): string =>
    texts.map((text, at) => text.padEnd(width(columns[at] as keyof Row))).join('  ');
  console.log(line(columns));
  for (const row of rows) {
    const mark = row.reached === undefined ? '' : row.reached ? 'reached' : 'MISSED';
    console.log(`${line(columns.map((column) => String(row[column])))}  ${mark}`);
  }
}
