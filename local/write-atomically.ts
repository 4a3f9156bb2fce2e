import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file that only its owner may read. A concurrent reader gets the complete old content. */
export function writeAtomically(file: string, content: string): void {
  writeFileSync(`${file}.new`, content, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}
