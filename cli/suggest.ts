import { type CliFailure, wrongUsage } from './failure.ts';

/** The candidate that a mistyped word most likely means; undefined if none is near. */
export function nearest(typed: string, candidates: readonly string[]): string | undefined {
  const word = typed.toLowerCase();
  const allowed = word.length <= 3 ? 1 : word.length <= 8 ? 2 : 3;
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: distanceOf(word, candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.candidate ?? candidates.find((candidate) => word.length >= 3 && candidate.startsWith(word));
}

/** An option that a command does not have. */
export function unknownOption(given: string, known: readonly string[], words: string): CliFailure {
  const meant = nearest(given.replace(/^-+/, ''), known);
  return wrongUsage(
    `Unknown option '${given}': ${meant ? `did you mean --${meant}?` : `see widget-gate ${words} --help.`}`,
  );
}

/** Edits between two words: insertions, deletions, replacements, and swaps of neighbors. */
function distanceOf(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, at) => at)];
  const cell = (row: number, column: number): number => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= a.length; row += 1) {
    rows.push([row]);
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = cell(row - 1, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const isSwap = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const swapped = isSwap ? cell(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY;
      rows[row]?.push(Math.min(replaced, swapped, cell(row - 1, column) + 1, cell(row, column - 1) + 1));
    }
  }
  return cell(a.length, b.length);
}
