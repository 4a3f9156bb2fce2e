import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Mutant, mutate } from './operators.ts';
import type { Workspace } from './workspace.ts';

/** A program may have unused names while it is being changed. */
const OPTIONS = ['--noEmit', '--pretty', 'false', '--noUnusedLocals', 'false', '--noUnusedParameters', 'false'];

/**
 * Those of the mutants that the type check accepts. `npm test` begins with that check, so the others can't get past it unnoticed and
 * don't count. Many are checked at once, at most one for each file.
 */
export async function typeCorrect(workspace: Workspace, mutants: readonly Mutant[]): Promise<Mutant[]> {
  if (!existsSync(join(workspace.root, 'tsconfig.json'))) return [...mutants];
  if (mutants.length === 0) return [];
  const before = await brokenFiles(workspace.root, mutants);
  const correct: Mutant[] = [];
  for (let left = [...mutants]; left.length > 0; ) {
    const round = [...new Map(left.map((mutant) => [mutant.file, mutant])).values()];
    left = left.filter((mutant) => !round.includes(mutant));
    correct.push(...(await correctOf(workspace, round, before)));
  }
  return mutants.filter((mutant) => correct.includes(mutant));
}

/**
 * A mutant may break another file; then halves of the round are checked by themselves. Files that were broken before the round are not
 * looked at.
 */
async function correctOf(
  workspace: Workspace,
  round: readonly Mutant[],
  before: ReadonlySet<string>,
): Promise<Mutant[]> {
  if (round.length === 0) return [];
  for (const mutant of round) workspace.write(mutant.file, mutate(workspace.read(mutant.file), mutant));
  const all = await brokenFiles(workspace.root, round);
  const broken = new Set([...all].filter((file) => !before.has(file)));
  workspace.restore();
  if (broken.size === 0) return [...round];
  const wrong = round.filter(({ file }) => broken.has(file));
  const rest = round.filter((mutant) => !wrong.includes(mutant));
  const isExplained = [...broken].every((file) => wrong.some((mutant) => mutant.file === file));
  if (isExplained) return rest;
  if (round.length === 1) return [];
  if (wrong.length > 0) return correctOf(workspace, rest, before);
  const half = Math.ceil(round.length / 2);
  const halves = [round.slice(0, half), round.slice(half)];
  const correct: Mutant[] = [];
  for (const one of halves) correct.push(...(await correctOf(workspace, one, before)));
  return correct;
}

async function brokenFiles(root: string, round: readonly Mutant[]): Promise<Set<string>> {
  const inWeb = round.some(({ file }) => /^(web\/(admin|widget)|contract)\//.test(file));
  const isWebAlone = round.every(({ file }) => /^web\/(admin|widget)\//.test(file));
  const projects = [...(isWebAlone ? [] : [[]]), ...(inWeb ? [['-p', 'web']] : [])];
  const outputs = await Promise.all(projects.map((project) => compile(root, project)));
  const errors = outputs.flatMap((output) => [...output.matchAll(/^(\S+?)\(\d+,\d+\): error TS/gm)]);
  return new Set(errors.map(([, file]) => file as string));
}

function compile(root: string, project: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...project, ...OPTIONS], {
      cwd: root,
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.once('error', reject).once('close', () => resolve(output));
  });
}
