import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file that only its owner may read; whoever reads it meanwhile gets the old one whole. */
export function writeAtomically(file: string, content: string): void {
  writeFileSync(`${file}.new`, content, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}
