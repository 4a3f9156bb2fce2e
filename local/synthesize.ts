import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** Synthesizes a stage into a folder by running the CDK app itself, as the CLI would, without the CLI. Throws with what the app said. */
export async function synthesize(stage: string, directory: string): Promise<void> {
  const { code, output } = await run(join(import.meta.dirname, '../bin/app.ts'), {
    ...process.env,
    CDK_OUTDIR: directory,
    CDK_CONTEXT_JSON: JSON.stringify({ stage }),
  });
  if (code !== 0) throw new Error(`the stage "${stage}" could not be synthesized:\n${lastError(output)}`);
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
