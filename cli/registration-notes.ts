import type { RegistrationNotes } from '../clients/views.ts';
import { table } from './table.ts';

/** What became of the addresses in a request, below what is stored; nothing where they are stored as they were given. */
export function notesText({ normalized = [], warnings = [] }: RegistrationNotes): string {
  const read = normalized.map(({ given, stored }) => [`${given} is stored as`, stored]);
  return [read, warnings.map((warning) => [warning])]
    .filter((rows) => rows.length > 0)
    .map((rows) => `\n\n${table(rows)}`)
    .join('');
}
