import type { AdminAction, AnswerOf, PathOf, RequestOf } from '#contract/admin-api.ts';
import { type AdminHttpCall, adminCall } from '#contract/admin-call.ts';
import { type CliFailure, refused, wrongUsage } from './failure.ts';
import { callHttp, type HttpAnswer, refusalOf, repeatWhileBusy } from './http-call.ts';
import type { Options } from './options.ts';
import { findSession } from './sessions.ts';

const LOOPBACK = ['127.0.0.1', 'localhost'];

/** The base URL from the command line or the environment; undefined means the local gate. Throws `CliFailure`. */
export function givenBaseUrl(options: Options): string | undefined {
  const [url, directory] = [options.text('url'), options.text('data-dir')];
  if (url !== undefined && directory !== undefined)
    throw wrongUsage('Specify --url for a deployed gate or --data-dir for a local one, not both.');
  const given = url ?? (directory === undefined ? process.env.WIDGET_GATE_URL || undefined : undefined);
  return given === undefined ? undefined : parseBaseUrl(given);
}

/**
 * Parses a base URL, including the stage's path; trailing and repeated slashes are removed, because a stack's `ApiUrl`
 * ends in one. Throws `CliFailure`.
 */
export function parseBaseUrl(text: string, whose = 'a gate'): string {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw wrongUsage(`The URL of ${whose} is like https://abc.execute-api.eu-west-1.amazonaws.com/prod, and no more.`);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url)))
    throw wrongUsage(`The URL of ${whose} begins with https://; only 127.0.0.1 and localhost do without TLS.`);
  return `${url.origin}${url.pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '')}`;
}

/** Whether calls stay on this machine. */
export const isLoopback = ({ hostname }: URL): boolean => LOOPBACK.includes(hostname);

/** The response of the gate to a call that it allows. */
export type Answer = Readonly<Record<string, unknown>>;

/** A gate's admin API, here or deployed. */
export interface AdminGate {
  /**
   * The address for shops and widgets, without a trailing slash. Throws `CliFailure` when no gate is specified and none
   * runs here.
   */
  readonly baseUrl: string;
  /** Throws `CliFailure` when the gate refuses, is unreachable, or no user is logged in. */
  ask<A extends AdminAction>(
    action: A,
    request: PathOf<A> & RequestOf<A>,
    expectedVersion?: number,
  ): Promise<AnswerOf<A>>;
}

/** What only a gate on this machine has. Each method throws `CliFailure` when the gate is unreachable or refuses. */
export interface LocalGate {
  readonly baseUrl: string;
  /** The stage of cdk.json that it runs. */
  readonly stage: string;
  faults(): Promise<string>;
  /** Returns the faults after the change. */
  setFaults(spec: string): Promise<string>;
  rotateRing(): Promise<void>;
  dropOldRingKeys(): Promise<void>;
  rotateSigningKeys(): Promise<void>;
  dropOldSigningKeys(): Promise<void>;
  /** One action on the local gate's own IAM. */
  iam(request: object): Promise<Answer>;
}

/** The admin API of a gate; the gate is determined at the first call. */
export function adminGate(findBaseUrl: () => string): AdminGate {
  let found: string | undefined;
  const baseUrl = (): string => {
    found ??= findBaseUrl();
    return found;
  };
  return {
    get baseUrl() {
      return baseUrl();
    },
    async ask<A extends AdminAction>(action: A, request: PathOf<A> & RequestOf<A>, expectedVersion?: number) {
      const session = findSession(baseUrl());
      if (session === undefined) throw notLoggedIn(baseUrl());
      const call = adminCall(action, request, expectedVersion);
      const answer = await repeatWhileBusy(() => callAdmin(baseUrl(), call, session.cookie));
      if (answer.status >= 200 && answer.status < 300) return answer.json as AnswerOf<A>;
      throw answer.json.code === 'unauthorized' ? notLoggedIn(baseUrl()) : refusalOf(answer, baseUrl());
    },
  };
}

/** One call of the admin API. */
export const callAdmin = (
  baseUrl: string,
  { method, path, headers, body }: AdminHttpCall,
  cookie: string | undefined,
): Promise<HttpAnswer> =>
  callHttp(baseUrl + path, {
    method,
    headers: { ...(cookie !== undefined && { Cookie: cookie }), ...headers },
    ...(body !== undefined && { body }),
  });

const notLoggedIn = (baseUrl: string): CliFailure =>
  refused('unauthorized', `No active session at ${baseUrl}; log in first: widget-gate login --user NAME.`);
