import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { prepareHmacKey } from '#lambda/crypto/hmac.ts';
import { mintWidgetToken } from '#lambda/widget-tokens/widget-token.ts';
import { authorizerEvent, type BenchGate, environmentOf, functionNamed } from '../rigs/bench-gate.ts';
import { median } from './interleave.ts';
import { information, type Row, valueAtMost } from './report.ts';

const root = join(import.meta.dirname, '../..');
const STARTS = 15;
const run = promisify(execFile);

/** What CDK's NodejsFunction makes of the same handler by default: not minified, the SDK left to the runtime. */
async function buildAsCdkDoes(): Promise<string> {
  const outfile = join(root, 'dist/bench/default/index.js');
  await build({
    absWorkingDir: root,
    entryPoints: ['lambda/widget-tokens/widget-authorizer.handler.ts'],
    outfile: outfile.replace(/\.js$/, '.cjs'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    external: ['@aws-sdk/*', '@smithy/*'],
    logLevel: 'warning',
  });
  return outfile.replace(/\.js$/, '.cjs');
}

/** Rows 7 and 8, the cold part: processes that begin, load a bundle and decide, ours and CDK's default in turns. */
export async function coldStartRows(gate: BenchGate): Promise<Row[]> {
  const authorizer = functionNamed(gate, 'WidgetAuthorizer');
  const env = environmentOf(gate, authorizer);
  const ours = join(authorizer.assetDirectory, 'index.js');
  const theirs = await buildAsCdkDoes();
  const start = async (bundle: string): Promise<number> => {
    const token = mintWidgetToken(
      gate.shop.shopId,
      Math.floor(Date.now() / 1_000),
      prepareHmacKey(Buffer.from(gate.shop.apiKey)),
    );
    const probe = join(import.meta.dirname, 'start-probe.cjs');
    const { stdout } = await run(process.execPath, [probe, bundle, JSON.stringify(authorizerEvent(token))], { env });
    // Before it are the lines that the function itself wrote.
    const { Effect, milliseconds } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as {
      Effect: string;
      milliseconds: number;
    };
    if (Effect !== 'Allow') throw new Error('the first decision was not to allow');
    return milliseconds;
  };
  const samples = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round < STARTS; round += 1) {
    samples.ours.push(await start(ours));
    samples.theirs.push(await start(theirs));
  }
  gate.host.aws.calls.reset();
  await start(ours);
  const coldCalls = gate.host.aws.calls.count({ via: undefined });
  const [oursMedian, theirsMedian] = [median(samples.ours), median(samples.theirs)];
  return [
    valueAtMost('7', 'authorizer bundle, minified', statSync(ours).size / 1_000, 340, ' kB'),
    information(
      '7',
      'process start to first decision: ours, CDK default',
      `${oursMedian.toFixed(0)} ms, ${theirsMedian.toFixed(0)} ms`,
    ),
    valueAtMost('7', 'process start to first decision ÷ CDK default', oursMedian / theirsMedian, 0.8, '×'),
    valueAtMost('8', 'AWS calls of a cold authorize', coldCalls, 2),
  ];
}
