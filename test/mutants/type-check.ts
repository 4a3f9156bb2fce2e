import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Mutant, mutate } from './operators.ts';
import type { Workspace } from './workspace.ts';

/** A program may have unused names while it is being changed. */
const OPTIONS = ['--noEmit', '--pretty', 'false', '--noUnusedLocals', 'false', '--noUnusedParameters', 'false'];

/** `npm test` begins with the type check: a mutant that fails it cannot get past it unnoticed and does not count. */
export class TypeCheck {
  readonly #workspace: Workspace;
  /** By projects: the files that have errors without any mutant. */
  readonly #brokenBefore = new Map<string, ReadonlySet<string>>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** Whether the type check accepts the mutant that the workspace holds, which stays there. */
  async accepts(mutant: Mutant): Promise<boolean> {
    const { root } = this.#workspace;
    if (!existsSync(join(root, 'tsconfig.json'))) return true;
    const projects = projectsOf(mutant.file);
    const key = projects.join(' ');
    let before = this.#brokenBefore.get(key);
    if (before === undefined) {
      this.#workspace.restore();
      before = await brokenFiles(root, projects);
      this.#brokenBefore.set(key, before);
      this.#workspace.write(mutant.file, mutate(this.#workspace.read(mutant.file), mutant));
    }
    const known = before;
    return [...(await brokenFiles(root, projects))].every((file) => known.has(file));
  }
}

/** The projects that read a file; '' is the checkout's own. */
function projectsOf(file: string): string[] {
  if (/^web\/(admin|widget)\//.test(file)) return ['web'];
  return file.startsWith('contract/') ? ['', 'web'] : [''];
}

async function brokenFiles(root: string, projects: readonly string[]): Promise<Set<string>> {
  const outputs = await Promise.all(projects.map((project) => compile(root, project)));
  const errors = outputs.flatMap((output) => [...output.matchAll(/^(\S+?)\(\d+,\d+\): error TS/gm)]);
  return new Set(errors.map(([, file]) => file as string));
}

function compile(root: string, project: string): Promise<string> {
  const options = project === '' ? OPTIONS : ['-p', project, ...OPTIONS];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options], { cwd: root });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.once('error', reject).once('close', () => resolve(output));
  });
}
