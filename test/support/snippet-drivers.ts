import { execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A piece of code on a shop's server, over a time that a test makes pass. */
export interface Driver {
  /** What the piece returns so many minutes after it started, with this key in the environment. Rejects when it fails. */
  token(minutes: number, apiKey: string): Promise<string>;
  close(): void;
}

const environmentOf = (home: string, apiKey: string): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: home,
  WIDGET_GATE_SHOP_API_KEY: apiKey,
});

/** A process that stays: it reads minutes and key by line, and writes what it got. */
function longRunning(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Driver {
  const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async token(minutes, apiKey) {
      child.stdin.write(`${minutes} ${apiKey}\n`);
      const { value = '' } = await lines.next();
      if (!value.startsWith('token ')) throw new Error(value);
      return value.slice('token '.length);
    },
    close: () => child.stdin.end(),
  };
}

const NODE = (file: string): string => `
import { createInterface } from 'node:readline';
import { widgetToken } from '${file}';
const now = Date.now;
let minutes = 0;
Date.now = () => now() + minutes * 60_000;
for await (const line of createInterface({ input: process.stdin })) {
  const [at, key] = line.split(' ');
  [minutes, process.env.WIDGET_GATE_SHOP_API_KEY] = [Number(at), key];
  console.log(await widgetToken().then((token) => 'token ' + token, (error) => 'failed ' + error.message));
}`;

const PYTHON = `
import os, sys, time
import widget_token
now, minutes = time.time, 0.0
time.time = lambda: now() + minutes * 60
for line in sys.stdin:
    at, os.environ["WIDGET_GATE_SHOP_API_KEY"] = line.split()
    minutes = float(at)
    try:
        print("token", widget_token.widget_token(), flush=True)
    except Exception as error:
        print("failed", error, flush=True)
`;

/** Runs a piece again for each page; between, what it keeps in files grows older by `age(minutes)`. */
function eachTime(
  call: (env: NodeJS.ProcessEnv) => Promise<string>,
  home: string,
  age: (minutes: number) => void,
): Driver {
  let at = 0;
  return {
    async token(minutes, apiKey) {
      age(minutes - at);
      at = minutes;
      return (await call(environmentOf(home, apiKey))).trim();
    },
    close: () => undefined,
  };
}

function ageFiles(folder: string, minutes: number): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const time = statSync(file).mtimeMs / 1_000 - minutes * 60;
    utimesSync(file, time, time);
  }
}

function agePhp(file: string, minutes: number): void {
  const kept = JSON.parse(readFileSync(file, 'utf8')) as { until: number; checkAt: number };
  const earlier = { until: kept.until - minutes * 60, checkAt: kept.checkAt - minutes * 60 };
  writeFileSync(file, JSON.stringify({ ...kept, ...earlier }));
}

/** How each piece that the console shows runs, by its name; `file` is where the piece is, `home` a folder of its own. */
export const snippetDrivers: Readonly<Record<string, (file: string, home: string) => Driver>> = {
  curl: (file, home) =>
    eachTime(
      async (env) => (await run('bash', [file], { env })).stdout,
      home,
      (minutes) => minutes > 0 && ageFiles(join(home, '.cache'), minutes),
    ),
  Node: (file, home) =>
    longRunning(process.execPath, ['--input-type=module', '-e', NODE(file)], environmentOf(home, '')),
  PHP: (file, home) =>
    eachTime(
      async (env) => (await run('php', ['-r', `require '${file}'; echo widget_token();`], { env })).stdout,
      home,
      (minutes) => minutes > 0 && agePhp(join(dirname(file), '../widget-token.json'), minutes),
    ),
  Python: (file, home) =>
    longRunning('python3', ['-c', PYTHON], {
      ...environmentOf(home, ''),
      PYTHONPATH: dirname(file),
      PYTHONDONTWRITEBYTECODE: '1',
    }),
};
