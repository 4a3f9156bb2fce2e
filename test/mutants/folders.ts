/** What is mutated, and which share of its mutants the tests must notice. */
export interface Folder {
  readonly path: string;
  readonly minRate: number;
}

export const folders: readonly Folder[] = [
  { path: 'lambda/core', minRate: 0.95 },
  { path: 'lambda/services', minRate: 0.95 },
  { path: 'lambda/stores', minRate: 0.95 },
  { path: 'lambda/http', minRate: 0.95 },
  { path: 'lambda/forwarding', minRate: 0.95 },
  { path: 'lib', minRate: 0.95 },
  { path: 'lambda/contract', minRate: 0.85 },
  { path: 'lambda/handlers', minRate: 0.85 },
  { path: 'lambda/composition', minRate: 0.85 },
  { path: 'lambda/smoke', minRate: 0.85 },
  { path: 'cli', minRate: 0.85 },
  { path: 'web', minRate: 0.85 },
];

export const isIn = (file: string, { path }: Folder): boolean =>
  file.startsWith(`${path}/`) && /\.tsx?$/.test(file) && !file.endsWith('.d.ts');
