import { join } from 'node:path';
import { references } from './references/files.ts';
import { writeIfChanged } from './write-if-changed.ts';

/** Writes the references in docs/ that are made from the contract and from the commands of the command line. */
for (const [file, text] of references()) writeIfChanged(join(import.meta.dirname, '..', file), Buffer.from(text));
