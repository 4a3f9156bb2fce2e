import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** A block of shell commands in a document. */
export interface Block {
  readonly file: string;
  /** The `##` heading above it; empty before the first. */
  readonly section: string;
  /** `docs/operate.md, line 80` */
  readonly place: string;
  readonly code: string;
}

/** The documents that people read. */
export const documents = [
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'README.md',
  'SECURITY.md',
  ...readdirSync(join(root, 'docs')).map((file) => `docs/${file}`),
].filter((file) => file.endsWith('.md'));

/** Every block of shell commands, in order, without the indentation of the list that it is in. */
export function shellBlocks(): Block[] {
  return documents.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return [...text.matchAll(/^( *)```sh\n([\s\S]*?)^\1```$/gm)].map(({ 1: indent = '', 2: code = '', index }) => {
      const before = text.slice(0, index);
      const section = [...before.matchAll(/^## (.+)$/gm)].at(-1)?.[1] ?? '';
      const place = `${file}, line ${before.split('\n').length}`;
      return { file, section, place, code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), '') };
    });
  });
}
