import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Faults, parseFaults } from '#local/faults.ts';

export interface LocalOptions {
  readonly port: number;
  /** Of the demo storefront. */
  readonly demoPort: number;
  /** Undefined: keep everything in memory. */
  readonly dataDirectory: string | undefined;
  readonly stage: string;
  readonly faults: Faults;
  /** How many executions the account runs at once; undefined: any number. */
  readonly concurrency: number | undefined;
  readonly json: boolean;
  /** Whether the functions' counters are printed. */
  readonly metrics: boolean;
  /** Secrets that the stage names and that are made elsewhere. */
  readonly secrets: readonly SecretFile[];
}

/** A secret by its ARN, and the file with its text. */
export interface SecretFile {
  readonly arn: string;
  readonly file: string;
}

export const HELP = `npm start -- [options]
  --port N         port on 127.0.0.1 (default 8787; 0: any free port)
  --demo-port N    port of the demo storefront (default the one after --port)
  --data-dir DIR   folder of the state (default .widget-gate)
  --memory         keep the state in memory and forget it at the end
  --stage NAME     the stage of cdk.json to run (default dev)
  --faults SPEC    inject faults into AWS calls, e.g. "dynamodb:error=0.05,delay=800ms;secretsmanager:down"
  --concurrency N  the account's limit of concurrent Lambda executions (default none)
  --secret ARN=FILE  the text of a secret that the stage names, such as upstreamCa; may be repeated
  --metrics        print the functions' CloudWatch counters (EMF), too
  --json           print one JSON object on stdout once everything answers
  --help           print this`;

/** The command line is wrong; the message says how to fix it. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
}

/** Parses the options after `npm start --`; returns `help` for --help. Throws `OptionError`. */
export function parseLocalOptions(args: readonly string[]): LocalOptions | 'help' {
  const { port, stage, memory, json, metrics, help, faults, concurrency, secret, ...rest } = read(args);
  const { 'data-dir': dataDir, 'demo-port': demoPort } = rest;
  if (help) return 'help';
  if (memory && dataDir !== undefined) throw new OptionError('specify --memory or --data-dir, not both');
  const ownPort = readPort('--port', port);
  return {
    port: ownPort,
    demoPort: demoPort === undefined ? portAfter(ownPort) : readPort('--demo-port', demoPort),
    dataDirectory: memory ? undefined : resolve(dataDir ?? '.widget-gate'),
    stage,
    faults: parseFaults(faults),
    concurrency: concurrency === undefined ? undefined : readConcurrency(concurrency),
    json,
    metrics,
    secrets: secret.map(readSecretFile),
  };
}

function readSecretFile(text: string): SecretFile {
  const [, arn, file] = /^(arn:[^=]+:secretsmanager:[^=]+:secret:[^=]+)=(.+)$/.exec(text) ?? [];
  if (arn !== undefined && file !== undefined) return { arn, file: resolve(file) };
  throw new OptionError('--secret must be the ARN of a secret, = and the name of a file with its text');
}

function readPort(option: string, text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new OptionError(`${option} must be a number from 0 to 65535, not "${text}"`);
}

function readConcurrency(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new OptionError(`--concurrency must be a number from 1 to 999999, not "${text}"`);
}

/** Any free one where that is what is asked for, or where there is no next. */
const portAfter = (port: number): number => (port === 0 || port === 65_535 ? 0 : port + 1);

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '8787' },
        'demo-port': { type: 'string' },
        'data-dir': { type: 'string' },
        memory: { type: 'boolean', default: false },
        stage: { type: 'string', default: 'dev' },
        faults: { type: 'string', default: '' },
        concurrency: { type: 'string' },
        secret: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
        metrics: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new OptionError(`${(error as Error).message}\n\n${HELP}`);
  }
}
