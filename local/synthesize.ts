import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
/** Assemblies by a digest of their inputs. */
const ASSEMBLIES = join(root, 'dist/assembly');
/** All inputs of an assembly: the app, its imports, its bundles, and the versions of everything. */
const INPUTS = ['bin/app.ts', 'lib', 'contract', 'dist/lambda', 'dist/web', 'cdk.json', 'package-lock.json'];
const KEPT = 8;

/**
 * The folder of a stage's cloud assembly. It runs the CDK app itself, as the CLI would, without the CLI. An assembly from the same inputs
 * is reused. Throws with the app's message.
 */
export async function synthesize(stage: string): Promise<string> {
  const directory = join(ASSEMBLIES, `${stage}-${digestOfInputs()}`);
  if (existsSync(directory)) return directory;
  mkdirSync(ASSEMBLIES, { recursive: true });
  const draft = mkdtempSync(join(ASSEMBLIES, 'draft-'));
  try {
    await runApp(stage, draft);
    dropArchives(draft);
    putInPlace(draft, directory);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  dropOldest();
  return directory;
}

async function runApp(stage: string, directory: string): Promise<void> {
  const { code, output } = await run(join(root, 'bin/app.ts'), {
    ...process.env,
    CDK_OUTDIR: directory,
    CDK_CONTEXT_JSON: JSON.stringify({ stage }),
  });
  if (code !== 0) throw new Error(`the stage "${stage}" could not be synthesized:\n${lastError(output)}`);
}

/** Layers of CDK's own functions, 20 MB each, which run on AWS alone. Bundles and files are folders. */
function dropArchives(draft: string): void {
  for (const name of readdirSync(draft)) if (name.endsWith('.zip')) rmSync(join(draft, name));
}

/** Another process that wrote it meanwhile wrote the same. */
function putInPlace(draft: string, directory: string): void {
  try {
    renameSync(draft, directory);
  } catch (error) {
    if (!existsSync(directory)) throw error;
  }
}

/** A digest of everything that templates and bundles are made from, on this machine. */
export function digestOfInputs(): string {
  const hash = createHash('sha256');
  for (const file of INPUTS.flatMap(filesUnder)) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  // The account and region of CDK's deployment are part of the templates.
  const { CDK_DEFAULT_ACCOUNT = '', CDK_DEFAULT_REGION = '' } = process.env;
  return hash.update(`${process.version} ${CDK_DEFAULT_ACCOUNT} ${CDK_DEFAULT_REGION}`).digest('hex').slice(0, 16);
}

function filesUnder(path: string): string[] {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path), { recursive: true, encoding: 'utf8' })
    .map((file) => `${path}/${file}`)
    .filter((file) => statSync(join(root, file)).isFile())
    .sort();
}

function dropOldest(): void {
  const assemblies = readdirSync(ASSEMBLIES)
    .filter((name) => !name.startsWith('draft-'))
    .map((name) => ({ name, usedAt: statSync(join(ASSEMBLIES, name)).mtimeMs }))
    .sort((a, b) => b.usedAt - a.usedAt);
  for (const { name } of assemblies.slice(KEPT)) rmSync(join(ASSEMBLIES, name), { recursive: true, force: true });
}

function run(script: string, env: NodeJS.ProcessEnv): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let output = '';
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

/** The message of the error that ended the app, without its stack. */
function lastError(output: string): string {
  const message = /^\w*Error: ([\s\S]*?)\n\s+at /m.exec(output)?.[1];
  return message ?? output.trim();
}
