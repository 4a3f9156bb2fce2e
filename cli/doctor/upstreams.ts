import { setTimeout as sleep } from 'node:timers/promises';
import { DEPLOYMENT_SUBJECT, REFUSED_PREFIX } from '#contract/audit.ts';
import { headers } from '#contract/headers.ts';
import { limits } from '#contract/limits.ts';
import { protectedTrees } from '#contract/routes.ts';
import type { AdminGate } from '../admin-gate.ts';
import { onlyOrigin, shopIdOf } from '../command.ts';
import { issueWidgetToken } from '../commands/tokens.ts';
import { refused, wrongUsage } from '../failure.ts';
import { callHttp, type HttpAnswer, refusalOf, repeatWhileBusy } from '../http-call.ts';
import type { Options } from '../options.ts';
import { shellNames } from '../output.ts';
import { readKey } from '../secrets.ts';

/** One of the gate's trees that are forwarded, and how the command line calls it. */
export interface UpstreamTree {
  readonly name: UpstreamName;
  /** The path before the forwarded part. */
  readonly path: string;
  /** The subject of its failures in the trail. */
  readonly subject: string;
  /** The member of the stage with the upstream's URL. */
  readonly member: string;
  readonly origin: string | undefined;
  /** Throws `CliFailure` when the gate issues no credential. */
  readonly credential: () => Promise<Readonly<Record<string, string>>>;
}

/** From the codes in the trail. */
export const FAILURE_PREFIX = 'upstream_';

const NAMES = ['widget', 'analytics', 'data-router'] as const;
export type UpstreamName = (typeof NAMES)[number];

const MEMBERS: Readonly<Record<UpstreamName, string>> = {
  widget: 'upstreamUrl',
  analytics: 'analyticsUpstreamUrl',
  'data-router': 'dataRouterUpstreamUrl',
};
const PATHS: Readonly<Record<UpstreamName, string>> = {
  widget: protectedTrees['widget-token'],
  analytics: protectedTrees.analytics,
  'data-router': protectedTrees['data-router-key'],
};

/** The upstream in the options, with the credential from the environment or stdin. Throws `CliFailure`. */
export async function upstreamTree(given: string, options: Options, gate: AdminGate): Promise<UpstreamTree> {
  const name = NAMES.find((each) => each === given);
  if (name === undefined) throw wrongUsage(`--upstream must be one of ${NAMES.join(', ')}.`);
  const { origin } = onlyOrigin(options);
  const subject = `${REFUSED_PREFIX}${options.text('shop') ?? DEPLOYMENT_SUBJECT}`;
  return {
    name,
    path: PATHS[name],
    subject,
    member: MEMBERS[name],
    origin,
    credential: await credentialOf(name, options, gate),
  };
}

async function credentialOf(
  name: UpstreamName,
  options: Options,
  gate: AdminGate,
): Promise<UpstreamTree['credential']> {
  const [shop, [app, ...apps]] = [options.text('shop'), options.texts('app')];
  if (name !== 'widget' && shop !== undefined) throw wrongUsage('--shop requires --upstream widget.');
  if ((name !== 'analytics' && app !== undefined) || apps.length > 0)
    throw wrongUsage('--app requires --upstream analytics, and may be specified once.');
  if (name === 'widget') {
    if (shop === undefined) throw wrongUsage('Specify the shop with --shop.');
    const shopId = shopIdOf(shop);
    const key = await readKey("the shop's API key", shellNames.shopApiKey);
    return async () => ({ [headers.widgetToken]: (await issueWidgetToken(gate, shopId, key)).token });
  }
  const { origin } = onlyOrigin(options);
  if (name === 'data-router' && origin !== undefined)
    throw wrongUsage('--origin requires --upstream widget or analytics, because pages do not call the data router.');
  const key = await readKey(`the ${name} API key`, shellNames[name]);
  if (origin !== undefined) return () => securityToken(gate, key, app);
  return async () => ({ [headers.serviceKey]: key, ...(app !== undefined && { [headers.appId]: app }) });
}

/** The credential that a page calls with: a server's key is refused together with an Origin header. */
async function securityToken(
  gate: AdminGate,
  key: string,
  app = 'widget-gate-doctor',
): Promise<Record<string, string>> {
  const call = {
    method: 'POST',
    headers: { [headers.serviceKey]: key },
    body: { userid: 'widget-gate-doctor', appid: app, expiresIn: '1m' },
  };
  const answer = await repeatWhileBusy(() => callHttp(`${gate.baseUrl}/devapi/v4/core/login/token`, call));
  if (answer.status !== 200) throw refusalOf(answer, gate.baseUrl);
  return { Authorization: `Bearer ${String(answer.json.token)}` };
}

/** A call of a page or a server, and its duration. */
export async function timed(
  url: string,
  sent: Readonly<Record<string, string>>,
): Promise<HttpAnswer & { readonly seconds: number }> {
  const begun = performance.now();
  const answer = await callHttp(url, { method: 'GET', headers: sent });
  return { ...answer, seconds: (performance.now() - begun) / 1_000 };
}

/** Whether the gate itself refused a call, and not an upstream. */
export function isRefusalOfGate({ json, headers: answered }: HttpAnswer): boolean {
  const { code, message, requestId } = json;
  const own = answered[headers.requestId.toLowerCase()]?.[0];
  return typeof code === 'string' && typeof message === 'string' && requestId === own && own !== undefined;
}

/** What the trail says about a request. */
export interface Explained {
  readonly code: string;
  readonly why: string;
  readonly remedy: string;
  /** Why the entry is assumed to belong to the request; empty if the trail has it by its id. */
  readonly note: string;
}

const WAITS_SECONDS = [1, 2, 4];
/** A minute of the trail, plus a minute for differences between clocks. */
const SAMPLED_MILLISECONDS = 120_000;

/**
 * The entry of the trail for a request, as `explain` shows it. An entry appears shortly after the call, so a missing id is requested again;
 * `onWait` is called before. Of equal failures in one minute the trail has only the first: then it is the only failure under `subject`.
 * Throws `CliFailure`, also if there are several.
 */
export async function explained(
  gate: AdminGate,
  requestId: string,
  subject: string,
  onWait: (seconds: number) => void,
): Promise<Explained> {
  for (const seconds of [...WAITS_SECONDS, undefined]) {
    const own = await explainedById(gate, requestId);
    if (own !== undefined) return { ...own, note: '' };
    const [other, ...more] = await recentFailures(gate, subject);
    if (more.length > 0)
      throw refused(
        'several_failures',
        oneOf(
          [other, ...more].map((each) => each?.code ?? ''),
          requestId,
        ),
      );
    const equal = other && (await explainedById(gate, other.requestId));
    if (equal !== undefined)
      return {
        ...equal,
        note: `(as request ${other?.requestId} before it, because the trail has only the first of each minute)`,
      };
    if (seconds === undefined) break;
    onWait(seconds);
    await sleep(seconds * 1_000);
  }
  throw refused(
    'request_not_found',
    `it is not in the audit trail yet, which samples refused calls per minute: in a minute, run "widget-gate explain ${requestId}"`,
  );
}

async function explainedById(gate: AdminGate, requestId: string): Promise<Omit<Explained, 'note'> | undefined> {
  try {
    const { entry, why = '', remedy = '' } = await gate.ask('explain-request', { requestId });
    return { code: entry.code, why, remedy };
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === 'request_not_found' || code === 'search_stopped') return undefined;
    throw error;
  }
}

const oneOf = (codes: readonly string[], requestId: string): string =>
  `it is one of ${codes.map((code) => code.slice(FAILURE_PREFIX.length)).join(', ')}; of each, the trail has only the first of a minute. The log line upstream_failed of request ${requestId} has the reason; or run doctor again in a minute`;

/** The failures of the last two minutes, one per code, newest first. */
async function recentFailures(
  gate: AdminGate,
  subject: string,
): Promise<readonly { readonly code: string; readonly requestId: string }[]> {
  const from = new Date(Date.now() - SAMPLED_MILLISECONDS).toISOString();
  const { entries } = await gate.ask('query-audit', { subject, from, limit: limits.maxAuditEntriesPerPage });
  const byCode = new Map<string, string>();
  for (const { code, requestIds = [] } of entries) {
    const [requestId] = requestIds;
    if (requestId === undefined || byCode.has(code)) continue;
    if (code.startsWith(FAILURE_PREFIX)) byCode.set(code, requestId);
  }
  return [...byCode].map(([code, requestId]) => ({ code, requestId }));
}
