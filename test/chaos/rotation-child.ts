import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * Run as a process that may be killed: one whole rotation of the ring by the function's own bundle. Arguments: its folder, the secret, the
 * version, and `skip` to pass over the wait for readers, so that a kill finds the sealing too.
 */
const [folder = '', SecretId, ClientRequestToken, waiting] = process.argv.slice(2);
const require = createRequire(join(folder, '/'));
const timers = require('node:timers/promises') as {
  setTimeout: (milliseconds: number, value?: unknown) => Promise<unknown>;
};
const trueSetTimeout = timers.setTimeout;
if (waiting === 'skip')
  timers.setTimeout = (milliseconds, ...rest) =>
    milliseconds >= 10_000 ? Promise.resolve() : trueSetTimeout(milliseconds, ...rest);

type Handler = (event: object, context: object) => Promise<void>;
const { handler } = require('./index.js') as { handler: Handler };

function handleStep(Step: string): Promise<void> {
  return handler(
    { Step, SecretId, ClientRequestToken },
    { awsRequestId: ClientRequestToken, getRemainingTimeInMillis: () => 60_000 },
  );
}

process.stderr.write('begun\n');
// Secrets Manager repeats a step that fails: a call that the killed run had under way may still arrive between two of this one.
for (const Step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret'])
  await handleStep(Step).catch(() => handleStep(Step));

process.exit(0);
