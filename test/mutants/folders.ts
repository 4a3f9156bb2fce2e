import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What is mutated, and which share of its mutants the tests must notice. */
export interface Folder {
  readonly path: string;
  readonly minRate: number;
}

const capabilities = readdirSync(join(import.meta.dirname, '../../lambda'));

export const folders: readonly Folder[] = [
  ...capabilities.map((name) => ({ path: `lambda/${name}`, minRate: name === 'watch' ? 0.85 : 0.95 })),
  { path: 'lib', minRate: 0.95 },
  { path: 'contract', minRate: 0.85 },
  { path: 'cli', minRate: 0.85 },
  { path: 'web', minRate: 0.85 },
];

export const isIn = (file: string, { path }: Folder): boolean =>
  file.startsWith(`${path}/`) && /\.tsx?$/.test(file) && !file.endsWith('.d.ts');
