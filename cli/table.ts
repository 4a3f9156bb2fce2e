import type { RegistrationNotes } from '#contract/admin-api.ts';
import { visible } from './output.ts';

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
];

/**
 * Aligns columns. Characters that could control a terminal are made visible; a gate of another version may omit a
 * member.
 */
export function table(rows: readonly (readonly string[])[]): string {
  const clean = rows.map((row) => row.map((cell) => visible(String(cell))));
  const columns = Math.max(0, ...clean.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, at) => Math.max(...clean.map((row) => row[at]?.length ?? 0)));
  return clean
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Unix milliseconds as ISO 8601; `unknown` for an invalid time. */
export function isoOf(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? 'unknown' : date.toISOString();
}

/**
 * A time as ISO 8601 and relative to now, both in Unix seconds: `2026-01-01T00:00:00Z (in 3 h)`; `unknown` for an
 * invalid time.
 */
export function moment(seconds: number, now = Math.floor(Date.now() / 1_000)): string {
  const iso = isoOf(seconds * 1_000).replace('.000Z', 'Z');
  if (iso === 'unknown') return iso;
  const distance = Math.abs(seconds - now);
  const [unit, size] = UNITS.find(([, unitSeconds]) => distance >= unitSeconds) ?? ['s', 1];
  const amount = `${Math.floor(distance / size)} ${unit}`;
  return `${iso} (${seconds > now ? `in ${amount}` : `${amount} ago`})`;
}

/** How the addresses in a request are stored, after the stored values; empty if they are stored as they were sent. */
export function notesText({ normalized = [], warnings = [] }: RegistrationNotes): string {
  const read = normalized.map(({ given, stored }) => [`${given} is stored as`, stored]);
  return [read, warnings.map((warning) => [warning])]
    .filter((rows) => rows.length > 0)
    .map((rows) => `\n\n${table(rows)}`)
    .join('');
}
