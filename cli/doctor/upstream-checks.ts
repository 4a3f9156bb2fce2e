import type { UpstreamFailure } from '#contract/forwarding.ts';
import { limits } from '#contract/limits.ts';
import type { AdminGate } from '../admin-gate.ts';
import { CliFailure, refused } from '../failure.ts';
import { callHttp, type HttpAnswer, refusalOf, repeatWhileBusy } from '../http-call.ts';
import { type Check, check } from './checks.ts';
import { explained, FAILURE_PREFIX, isRefusalOfGate, timed, type UpstreamTree } from './upstreams.ts';

export interface UpstreamDiagnosis {
  readonly tree: UpstreamTree;
  /** Below the upstream's address. Default: a path that the upstream does not need to have. */
  readonly path: string | undefined;
  readonly gate: AdminGate;
  /** Called before the trail is read again for a request that it does not have yet. */
  readonly onWait: (requestId: string, seconds: number) => void;
}

type Timed = HttpAnswer & { readonly seconds: number };

const DEFAULT_PATH = 'health';
const SLOW_SECONDS = 3;
const UNAVAILABLE =
  'The gate paused the calls after several time-outs, and retries automatically. Find out why the upstream hangs, then run doctor again in a minute.';

/**
 * Where to look for each reason: what the gate's explanation cannot contain, because the gate does not know the stage's
 * option.
 */
const HINTS: Readonly<Record<UpstreamFailure, (member: string) => string>> = {
  refused: (member) =>
    `Check ${member}. A private upstream needs upstreamVpc, and a security group that allows its port.`,
  reset: (member) => `Also read the log of a load balancer in front of ${member}.`,
  dns: (member) => `Check ${member}. A name of a private hosted zone resolves only with upstreamVpc.`,
  certificate: (member) =>
    `See which with openssl s_client -connect HOST:443 -servername HOST -verify_hostname HOST and the host of ${member}. A private authority needs upstreamCa.`,
  timeout: (member) =>
    `The gate waits upstreamTimeoutSeconds of the stage, ${limits.upstreamTimeoutMilliseconds / 1_000} s by default. If the call never arrives there, check ${member}, routes and security groups: packets may be dropped.`,
  malformed: (member) => `Check ${member}: scheme, port and base path.`,
  too_large: () => `The limit is ${limits.maxUpstreamBodyBytes / 1_000_000} MB, for binary data after Base64.`,
  aborted: (member) => `Also check Content-Length in the responses of ${member}.`,
};

/**
 * Checks the upstream as the gate's callers see it: whether it is configured, whether and how fast it responds, and
 * whether a page may use the response.
 */
export async function* upstreamChecks(diagnosis: UpstreamDiagnosis): AsyncGenerator<Check> {
  const { tree, gate, path = DEFAULT_PATH } = diagnosis;
  const page = tree.origin === undefined ? {} : { Origin: tree.origin };
  let credential: Readonly<Record<string, string>> | undefined;
  let identity: HttpAnswer | undefined;
  yield await check('credential', async () => {
    const issued = await tree.credential();
    identity = await repeatWhileBusy(() =>
      callHttp(urlOf('session'), { method: 'GET', headers: { ...issued, ...page } }),
    );
    if (identity.status !== 200) throw refusalOf(identity, gate.baseUrl);
    credential = issued;
    return `accepted for ${tree.path}`;
  });
  if (credential === undefined || identity === undefined) return;
  const sent = credential;
  const answer = await timedCheck(() => timed(urlOf(path), { ...sent, ...page }));
  if (!('status' in answer)) return yield answer;
  yield* outcome(answer);

  function urlOf(below: string): string {
    return `${gate.baseUrl}${tree.path}/${below.replace(/^\/+/, '')}`;
  }

  async function* outcome(answered: Timed): AsyncGenerator<Check> {
    if (isRefusalOfGate(answered)) return yield await refusalCheck(diagnosis, answered);
    // Without an upstream the gate returns the verified identity for every path.
    if (answered.status === 200 && answered.text === identity?.text)
      return yield {
        name: 'upstream',
        ok: false,
        reason: 'none',
        detail: `the stage has no upstream for ${tree.path}: set ${tree.member} in cdk.json and deploy`,
      };
    yield { name: 'upstream', ok: true, detail: `answers GET /${path.replace(/^\/+/, '')}` };
    yield timeCheck(answered);
    yield statusCheck(answered, diagnosis);
    if (answered.status >= 300 && answered.status < 400) yield redirectCheck(answered, tree, gate.baseUrl);
    if (answered.status < 300) yield bodyCheck(answered);
    if (tree.origin !== undefined) yield await pageCheck(tree.origin, answered, () => timed(urlOf(path), sent));
  }
}

async function timedCheck(call: () => Promise<Timed>): Promise<Timed | Check> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof CliFailure) return { name: 'upstream', ok: false, detail: error.message };
    throw error;
  }
}

/** The gate answered instead of the upstream; the trail has the reason. */
async function refusalCheck({ tree, gate, onWait }: UpstreamDiagnosis, { status, json }: Timed): Promise<Check> {
  const [code, requestId] = [String(json.code), String(json.requestId)];
  const failed = { name: 'upstream', ok: false, requestId };
  // The circuit of a container: the upstream was not called, so the trail has no entry.
  if (code === 'upstream_unavailable')
    return { ...failed, reason: 'unavailable', detail: `unavailable: ${String(json.message)} ${UNAVAILABLE}` };
  // No upstream was called in this case either. If Lambda has no free execution, API Gateway answers and no log line is
  // written.
  if (code === 'service_unavailable')
    return {
      ...failed,
      reason: 'service_unavailable',
      detail: `the gate returned 503 service_unavailable before it called the upstream. Look for request_failed of request ${requestId} in the log of the function that forwards: its errorName is UpstreamCaError for the secret of upstreamCa, or names another dependency. Without that line, Lambda had no free execution: see reservedConcurrency.`,
    };
  if (status < 500) return { ...failed, detail: `the gate refused the call: ${code}: ${String(json.message)}` };
  try {
    const found = await explained(gate, requestId, tree.subject, (seconds) => onWait(requestId, seconds));
    const reason = found.code.startsWith(FAILURE_PREFIX) ? found.code.slice(FAILURE_PREFIX.length) : found.code;
    const hint = isFailure(reason) ? HINTS[reason](tree.member) : '';
    const detail = [`${reason}:`, found.why, found.remedy, hint, found.note].filter((part) => part !== '').join(' ');
    return { ...failed, reason, detail };
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    const detail = `the gate returned ${status} ${code}, and the reason is unknown: ${error.message}`;
    return { ...failed, detail };
  }
}

const isFailure = (reason: string): reason is UpstreamFailure => Object.hasOwn(HINTS, reason);

function timeCheck({ seconds }: Timed): Check {
  const took = `${seconds.toFixed(1)} s`;
  const ok = seconds <= SLOW_SECONDS;
  return {
    name: 'response time',
    ok,
    detail: ok
      ? took
      : `slow: ${took}; the gate stops waiting after upstreamTimeoutSeconds of the stage, ${limits.upstreamTimeoutMilliseconds / 1_000} s by default. Make the upstream faster.`,
  };
}

function statusCheck({ status }: Timed, { path, tree: { name, member } }: UpstreamDiagnosis): Check {
  const check = (ok: boolean, detail: string): Check => ({ name: 'status', ok, detail: `${status}${detail}` });
  if (status < 400) return check(true, '');
  if (status === 404 && path === undefined)
    return check(true, `: the upstream has no /${DEFAULT_PATH}; specify an existing path with --path`);
  if (status === 404)
    return check(false, `: the upstream has no such path. Check --path and the base path in ${member}.`);
  if (status === 401 || status === 403)
    return check(
      false,
      `: the upstream refuses the call itself. It must trust the identity that the gate sends; credentials of the ${name} API do not reach it. If it checks X-Gate-Assertion, compare the issuer and the audience that it expects, and its clock.`,
    );
  if (status >= 500) return check(false, ': the upstream itself failed. Read its log for this request.');
  return check(false, `: the upstream refuses the call. Specify a path that accepts GET with --path.`);
}

function redirectCheck({ headers: answered }: Timed, { path, member }: UpstreamTree, baseUrl: string): Check {
  const name = 'redirect';
  const [location] = answered.location ?? [];
  if (location === undefined) return { name, ok: true, detail: 'none' };
  const target = URL.parse(location, baseUrl);
  const own = target !== null && target.origin === new URL(baseUrl).origin && target.pathname.includes(`${path}/`);
  if (own) return { name, ok: true, detail: `stays in the gate: ${location}` };
  return {
    name,
    ok: false,
    detail: `leaves the gate for ${location}. The credential is not valid there: set ${member} to the final address, or turn the redirect off.`,
  };
}

function bodyCheck({ headers: answered, status, text }: Timed): Check {
  const name = 'response body';
  const [type = 'no Content-Type'] = answered['content-type'] ?? [];
  const size = `${Buffer.byteLength(text)} bytes`;
  if (status === 204 || text === '') return { name, ok: true, detail: 'empty' };
  if (/json/i.test(type) && !isJson(text))
    return { name, ok: false, detail: `says ${type} but is not JSON: check what the upstream returns` };
  if (/^text\/html/i.test(type))
    return {
      name,
      ok: false,
      detail: `is not JSON but ${type}: the address is probably that of a page or a login form`,
    };
  return { name, ok: true, detail: /json/i.test(type) ? `JSON, ${size}` : `is not JSON but ${type}, ${size}` };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether a page gets the same response as a server: the upstream's own CORS headers are always dropped, but its own
 * check of origins may refuse the call.
 */
async function pageCheck(origin: string, answered: Timed, callWithoutOrigin: () => Promise<Timed>): Promise<Check> {
  return await check('calls from pages', async () => {
    if (answered.status >= 400 && answered.status < 500) {
      const plain = await callWithoutOrigin();
      if (plain.status < 400)
        throw refused(
          'origin_refused',
          `the upstream returns ${answered.status} with the Origin ${origin} and ${plain.status} without: its own CORS check refuses the page. Allow the origin there or turn the check off; the gate checks origins and sets the CORS headers.`,
        );
    }
    const allowed = answered.headers['access-control-allow-origin'] ?? [];
    if (allowed.length !== 1 || (allowed[0] !== origin && allowed[0] !== '*'))
      throw refused(
        'cors_changed',
        `the response allows ${allowed.join(', ') || 'no origin'}, not ${origin}: something in front of the gate changes its headers`,
      );
    return `${origin} may read the response; CORS headers of the upstream are dropped`;
  });
}
