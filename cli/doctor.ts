import { callAdmin } from './admin-gate.ts';
import { isLoopback } from './base-url.ts';
import { checkConcurrency } from './check-concurrency.ts';
import type { Command, CommandCall, Report } from './command.ts';
import { CliFailure, exitCodes, wrongUsage } from './failure.ts';
import type { HttpAnswer } from './http-call.ts';
import { table } from './table.ts';
import type { AdminGate } from './transport.ts';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** What was found, or what to do. */
  readonly detail: string;
}

const MAX_SKEW_SECONDS = 300;

const run = async ({ gate, options }: Pick<CommandCall, 'gate' | 'options'>): Promise<Report> => {
  const [stage, profile] = [options.text('stage'), options.text('profile')];
  if (stage === undefined && profile !== undefined) throw wrongUsage('--profile needs the stage, too: --stage prod');
  const checks: Check[] = [];
  for await (const check of checksOf(gate)) checks.push(check);
  if (stage !== undefined) checks.push({ name: 'concurrency', ...(await checkConcurrency(stage, profile)) });
  const ok = checks.every((check) => check.ok);
  const rows = checks.map((check) => [check.ok ? 'ok' : 'failed', check.name, check.detail]);
  return { json: { ok, checks }, text: table(rows), exitCode: ok ? exitCodes.done : exitCodes.refused };
};

/** In the order in which things go wrong; without an answer of the gate there is nothing more to look at. */
async function* checksOf(gate: AdminGate): AsyncGenerator<Check> {
  let stranger: HttpAnswer | undefined;
  yield await check('base URL reachable', async () => {
    stranger = await callAdmin(gate.baseUrl, 'show-session', {}, undefined);
    return gate.baseUrl;
  });
  if (stranger === undefined) return;
  yield checkTransport(new URL(gate.baseUrl));
  yield checkShape(stranger, gate.baseUrl);
  yield checkClock(Date.parse(stranger.headers.date?.[0] ?? ''));
  yield await check('session', async () => `of ${String((await gate.ask('show-session')).arn)}`);
  yield await check('status', async () => {
    const { ok: _ok, ...status } = await gate.ask('show-status');
    const down = Object.keys(status).filter((name) => status[name] === false);
    if (down.length === 0) return `all of ${String(status.deployment)} answer`;
    throw new CliFailure('down', 1, `no answer from ${down.join(', ')}: look at the service’s health and the logs`);
  });
}

async function check(name: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, detail: await look() };
  } catch (error) {
    if (error instanceof CliFailure) return { name, ok: false, detail: error.message };
    throw error;
  }
}

function checkTransport(url: URL): Check {
  const name = 'TLS or loopback';
  if (isLoopback(url)) return { name, ok: true, detail: 'calls stay on this machine' };
  const isUnchecked = process.env.NODE_TLS_REJECT_UNAUTHORIZED === '0';
  const detail = isUnchecked ? 'certificates are not checked: unset NODE_TLS_REJECT_UNAUTHORIZED' : 'TLS';
  return { name, ok: !isUnchecked, detail };
}

function checkShape({ status, json }: HttpAnswer, baseUrl: string): Check {
  const ok = status === 401 && json.code === 'unauthorized' && typeof json.requestId === 'string';
  const detail = ok ? 'refuses strangers as it should' : `${baseUrl} is no Widget Gate: check the URL and its path`;
  return { name: 'API', ok, detail };
}

function checkClock(theirs: number): Check {
  const name = 'clock';
  const skew = Math.abs(Date.now() - theirs) / 1_000;
  if (Number.isNaN(skew))
    return { name, ok: false, detail: 'the gate tells no time: something between changes answers' };
  const ok = skew <= MAX_SKEW_SECONDS;
  const told = `${Math.round(skew)} s off the gate’s`;
  return { name, ok, detail: ok ? told : `${told}: set this machine’s clock` };
}

export const doctor: readonly Command[] = [
  {
    words: 'doctor',
    operands: [],
    options: ['stage', 'profile'],
    usage: '[--stage S [--profile P]]',
    summary:
      'check URL, TLS, API, clock, session and stores, and say what to do; exit code 1 if one fails; with --stage also how the stage’s template shares out Lambda’s executions, with --profile against the account’s limit',
    run,
  },
];
