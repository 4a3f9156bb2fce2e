import { setTimeout } from 'node:timers/promises';
import { environment } from '#contract/environment.ts';
import { type AwsUser, adminClient, cookieOf, POST_HEADERS, sendProof, signChallenge } from '../support/admin.ts';
import { type GateOptions, type RunningGate, startGate } from '../support/gate.ts';
import type { HttpAnswer } from '../support/http.ts';
import { bearer, Portal } from '../support/portal.ts';
import { startUpstream } from '../support/upstream.ts';
import { type HangingUpstream, startHangingUpstream } from './hanging-upstream.ts';

export interface IsolatedGateOptions extends Pick<GateOptions, 'concurrency' | 'reservedConcurrency' | 'log'> {
  readonly upstreamTimeoutSeconds: number;
}

const ATTEMPTS = 3;

/** Widget calls that were made at once. */
export interface Flood {
  readonly answers: Promise<HttpAnswer[]>;
  /** How many of them wait for their answer. */
  waiting(): number;
}

export interface IsolatedGate {
  readonly gate: RunningGate;
  readonly upstream: HangingUpstream;
  /** Makes so many widget calls at once, all of them for the upstream. */
  flood(calls: number): Flood;
  /** Calls to everything beside the upstream, by name: each returns whether it was answered as on a good day. */
  readonly others: Readonly<Record<string, () => Promise<boolean>>>;
  /** Makes each of those calls, and repeats those that are not answered: on a busy machine a store may be slower than its time-out. */
  tryOthers(): Promise<Record<string, boolean>>;
  close(): Promise<void>;
}

/** A gate whose widget calls go to an upstream that hangs, in an account with a limit. */
export async function startIsolatedGate({
  upstreamTimeoutSeconds,
  ...options
}: IsolatedGateOptions): Promise<IsolatedGate> {
  const upstream = await startHangingUpstream();
  const other = await startUpstream();
  const gate = await startGate({
    ...options,
    environment: {
      [environment.upstreamUrl]: upstream.url,
      [environment.analyticsUpstreamUrl]: other.url,
      [environment.upstreamTimeoutSeconds]: String(upstreamTimeoutSeconds),
    },
  });
  const portal = await Portal.open(gate);
  const administrator = gate.createUser('isolated', true);
  const others = callsBesideTheUpstream(gate, portal, administrator, await portal.securityToken());
  const tryOthers = async (): Promise<Record<string, boolean>> => {
    const answered: Record<string, boolean> = {};
    for (const [name, call] of Object.entries(others)) {
      answered[name] = false;
      for (let attempt = 0; attempt < ATTEMPTS && !answered[name]; attempt += 1) answered[name] = await call();
    }
    return answered;
  };
  return {
    gate,
    upstream,
    others,
    tryOthers,
    flood: (calls) => {
      let waiting = calls;
      const token = gate.signToken();
      const call = async (): Promise<HttpAnswer> => {
        const answer = await gate.call({ path: '/api/widget/search', headers: [['X-Widget-Token', token]] });
        waiting -= 1;
        return answer;
      };
      return { answers: Promise.all(Array.from({ length: calls }, call)), waiting: () => waiting };
    },
    close: async () => {
      upstream.recover();
      await gate.close();
      await Promise.all([upstream.close(), other.close()]);
    },
  };
}

function callsBesideTheUpstream(gate: RunningGate, portal: Portal, user: AwsUser, securityToken: string) {
  let cookie: string | undefined;
  const logIn = async (): Promise<boolean> => {
    const path = '/admin/api/login/challenge';
    const dictated = await gate.call({ method: 'POST', path, headers: POST_HEADERS });
    if (dictated.status !== 200) return false;
    const challenge = dictated.json as never as Parameters<typeof signChallenge>[0];
    const { userName, accessKeyId } = user;
    const signature = await signChallenge(challenge, user);
    const proof = { challenge: challenge.challenge, userName, accessKeyId, signature };
    const loggedIn = await sendProof(gate.host.baseUrl, proof);
    if (loggedIn.status === 200) cookie = cookieOf(loggedIn);
    return loggedIn.status === 200;
  };
  const { shopId, apiKey } = gate.shop;
  const issue = { method: 'POST', path: `/api/shops/${shopId}/widget-token`, headers: [['X-Shop-API-Key', apiKey]] };
  return {
    'a widget token is issued': async () => (await gate.call(issue as never)).status === 200,
    'the session of a widget token is shown': async () => (await gate.session(gate.signToken())).status === 200,
    'the widget authorizer refuses a changed token': async () =>
      (await gate.session(gate.signToken(0, `${apiKey}x`))).status === 401,
    'a security token is issued': async () => (await portal.logIn()).status === 200,
    'an analytics call is authorized': async () => (await portal.analytics(bearer(securityToken))).status === 200,
    'a call reaches another upstream': async () => {
      const answer = await gate.call({ path: '/api/analytics/dashboard', headers: bearer(securityToken) });
      return answer.status === 200 && answer.json.from === 'upstream';
    },
    'an administrator logs in': logIn,
    'an administrator lists the shops': async () =>
      cookie !== undefined && (await adminClient(gate.host.baseUrl, cookie)('GET /shops')).status === 200,
  };
}

/** Waits until it is so. Only a test that fails waits for long. */
export async function until(isSo: () => boolean, timeoutMilliseconds = 60_000): Promise<void> {
  const lastMoment = Date.now() + timeoutMilliseconds;
  while (!isSo()) {
    if (Date.now() > lastMoment) throw new Error(`this did not become true: ${isSo.toString()}`);
    await setTimeout(10);
  }
}
