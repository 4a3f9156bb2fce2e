import { adminCall } from '#contract/admin-call.ts';
import { type AdminGate, callAdmin, isLoopback } from '../admin-gate.ts';
import type { Command, CommandCall, Report } from '../command.ts';
import { type Check, check } from '../doctor/checks.ts';
import { checkConcurrency } from '../doctor/concurrency.ts';
import { upstreamChecks } from '../doctor/upstream-checks.ts';
import { upstreamTree } from '../doctor/upstreams.ts';
import { CliFailure, exitCodes, wrongUsage } from '../failure.ts';
import type { HttpAnswer } from '../http-call.ts';
import { table } from '../table.ts';

const MAX_SKEW_SECONDS = 300;

const run = async (call: CommandCall): Promise<Report> => {
  const [stage, profile] = [call.options.text('stage'), call.options.text('profile')];
  if (stage === undefined && profile !== undefined) throw wrongUsage('--profile also requires the stage: --stage prod');
  const ofUpstream = await upstreamOf(call);
  const checks: Check[] = [];
  for await (const check of checksOf(call.gate)) checks.push(check);
  // Without a gate, nothing can call the upstream.
  if (checks.length > 1) for await (const check of ofUpstream) checks.push(check);
  if (stage !== undefined) checks.push({ name: 'concurrency', ...(await checkConcurrency(stage, profile)) });
  const ok = checks.every((check) => check.ok);
  const rows = checks.map((check) => [check.ok ? 'ok' : 'failed', check.name, check.detail]);
  return { json: { ok, checks }, text: table(rows), exitCode: ok ? exitCodes.done : exitCodes.refused };
};

/** In the order in which faults usually occur; if the gate does not respond, no further check is possible. */
async function* checksOf(gate: AdminGate): AsyncGenerator<Check> {
  let stranger: HttpAnswer | undefined;
  yield await check('base URL reachable', async () => {
    stranger = await callAdmin(gate.baseUrl, adminCall('show-session', {}), undefined);
    return gate.baseUrl;
  });
  if (stranger === undefined) return;
  yield checkTransport(new URL(gate.baseUrl));
  yield checkShape(stranger, gate.baseUrl);
  yield checkClock(Date.parse(stranger.headers.date?.[0] ?? ''));
  yield await check('session', async () => `of ${(await gate.ask('show-session', {})).arn}`);
  yield await check('status', async () => {
    const status = await gate.ask('show-status', {});
    const down = (['shopTable', 'ring'] as const).filter((name) => status[name] === false);
    if (down.length === 0) return `all of ${status.deployment} answer`;
    throw new CliFailure('down', 1, `no answer from ${down.join(', ')}: check the health of the service and the logs`);
  });
}

/** The checks of the upstream in the options; none without such options. Throws `CliFailure` before the first call. */
async function upstreamOf({ options, gate, output }: CommandCall): Promise<AsyncIterable<Check> | readonly Check[]> {
  const name = options.text('upstream');
  const path = options.text('path');
  if (name === undefined) {
    const [needless] = (['shop', 'origin', 'app', 'path'] as const).filter((each) => options.texts(each).length > 0);
    if (needless !== undefined) throw wrongUsage(`--${needless} requires --upstream.`);
    return [];
  }
  if (path !== undefined && /^\/*session(\?|$)/.test(path))
    throw wrongUsage('The gate itself answers GET /session; specify a path of the upstream with --path.');
  return upstreamChecks({
    tree: await upstreamTree(name, options, gate),
    path,
    gate,
    onWait: (requestId, seconds) =>
      output.error(`The trail has no entry for request ${requestId} yet; trying again in ${seconds} s.`),
  });
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
  const detail = ok ? 'refuses calls without a session' : `${baseUrl} is not a Widget Gate: check the URL and its path`;
  return { name: 'API', ok, detail };
}

function checkClock(theirs: number): Check {
  const name = 'clock';
  const skew = Math.abs(Date.now() - theirs) / 1_000;
  if (Number.isNaN(skew))
    return { name, ok: false, detail: 'the response has no usable Date header: something between changes responses' };
  const ok = skew <= MAX_SKEW_SECONDS;
  const difference = `${Math.round(skew)} s off the gate's`;
  return { name, ok, detail: ok ? difference : `${difference}: set this machine's clock` };
}

export const doctor: readonly Command[] = [
  {
    words: 'doctor',
    operands: [],
    options: ['upstream', 'path', 'shop', 'app', 'origin', 'stage', 'profile'],
    usage:
      '[--upstream widget|analytics|data-router [--path P] [--shop S] [--app A] [--origin O]] [--stage S [--profile P]]',
    summary:
      "check URL, TLS, API, clock, session and stores, and show what to do; exit code 1 if a check fails; with --upstream also call GET /health, or the path of --path, of that upstream through the gate, and show why a call fails (widget requires --shop; the key is read from WIDGET_GATE_SHOP_API_KEY, WIDGET_GATE_ANALYTICS_API_KEY, WIDGET_GATE_DATA_ROUTER_API_KEY or stdin); with --stage also show how the stage's template divides Lambda's executions, and with --profile compare them with the account's limit",
    run,
  },
];
