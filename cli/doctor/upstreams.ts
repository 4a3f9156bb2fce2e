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

/** One of the trees of the gate that are forwarded, and how the command line calls it. */
export interface UpstreamTree {
  readonly name: UpstreamName;
  /** The path in front of what is forwarded. */
  readonly path: string;
  /** Under which the trail has its failures. */
  readonly subject: string;
  /** The member of the stage that names the upstream. */
  readonly member: string;
  readonly origin: string | undefined;
  /** Throws `CliFailure` when the gate issues no credential. */
  readonly credential: () => Promise<Readonly<Record<string, string>>>;
}

/** Of the codes in the trail. */
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

/** The upstream that the options name, with the credential from the environment or stdin. Throws `CliFailure`. */
export async function upstreamTree(given: string, options: Options, gate: AdminGate): Promise<UpstreamTree> {
  const name = NAMES.find((each) => each === given);
  if (name === undefined) throw wrongUsage(`--upstream is one of ${NAMES.join(', ')}.`);
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
  if (name !== 'widget' && shop !== undefined) throw wrongUsage('--shop is for --upstream widget.');
  if ((name !== 'analytics' && app !== undefined) || apps.length > 0)
    throw wrongUsage('--app is for --upstream analytics, once.');
  if (name === 'widget') {
    if (shop === undefined) throw wrongUsage('Name the shop with --shop.');
    const shopId = shopIdOf(shop);
    const key = await readKey('the shop’s API key', shellNames.shopApiKey);
    return async () => ({ [headers.widgetToken]: (await issueWidgetToken(gate, shopId, key)).token });
  }
  const { origin } = onlyOrigin(options);
  if (name === 'data-router' && origin !== undefined)
    throw wrongUsage('--origin is for --upstream widget or analytics: pages do not call the data router.');
  const key = await readKey(`the ${name} API key`, shellNames[name]);
  if (origin !== undefined) return () => securityToken(gate, key, app);
  return async () => ({ [headers.serviceKey]: key, ...(app !== undefined && { [headers.appId]: app }) });
}

/** What a page calls with: a key of a server is refused beside an origin. */
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

/** A call of a page or a server, and how long it took. */
export async function timed(
  url: string,
  sent: Readonly<Record<string, string>>,
): Promise<HttpAnswer & { readonly seconds: number }> {
  const begun = performance.now();
  const answer = await callHttp(url, { method: 'GET', headers: sent });
  return { ...answer, seconds: (performance.now() - begun) / 1_000 };
}

/** Whether the gate itself refused a call, and no upstream. */
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
  /** How the request is known to be meant; empty where the trail has it by its id. */
  readonly note: string;
}

const WAITS_SECONDS = [1, 2, 4];
/** A minute of the trail, and clocks that differ by another. */
const SAMPLED_MILLISECONDS = 120_000;

/**
 * The entry of the trail on a request, as `explain` shows it. An entry comes a moment after the call, so an id that is not there yet is asked
 * for again; `onWait` is called before. Of equal failures in one minute the trail has the first only: then it is the one failure under
 * `subject`. Throws `CliFailure`, also where there are several.
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
      return { ...equal, note: `(as request ${other?.requestId} before it: the trail has the first of a minute only)` };
    if (seconds === undefined) break;
    onWait(seconds);
    await sleep(seconds * 1_000);
  }
  throw refused(
    'request_not_found',
    `the trail, which samples refused calls per minute, does not have it yet: in a minute, run "widget-gate explain ${requestId}"`,
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
  `it is one of ${codes.map((code) => code.slice(FAILURE_PREFIX.length)).join(', ')}, of each of which the trail has the first of a minute only. The log line upstream_failed of request ${requestId} has the reason; or run doctor again in a minute`;

/** The failures of the last two minutes, one of each code, the latest first. */
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
