import { cookies } from '#contract/cookies.ts';
import type { RunningGate } from './gate.ts';
import type { HttpAnswer } from './http.ts';

/** Where the pages of the portal are. */
export const PORTAL = 'https://portal.example.com';
/** The user whom a portal logs in by default. */
export const LOGIN = { userid: 'u-17', appid: 'sales', clientid: 'acme' };

export const LOGIN_PATH = '/devapi/v4/core/login/token';
export const TEMP_TOKEN_PATH = '/api/auth/temp-token';
export const SESSION_PATH = '/api/auth/session';
export const ANALYTICS_PATH = '/api/analytics/session';
export const DATA_ROUTER_PATH = '/api/data-router/session';

export type Header = readonly [string, string];

export interface TestServiceKey {
  readonly keyId: string;
  readonly apiKey: string;
}

/** A new service key, made as an administrator makes it. */
export async function addServiceKey(gate: RunningGate, scope: object = {}): Promise<TestServiceKey> {
  const added = await gate.administer({ action: 'add-service-key', purpose: 'analytics', label: 'portal', ...scope });
  if (!added.ok) throw new Error(JSON.stringify(added));
  return added as unknown as TestServiceKey;
}

/** The server and the pages of a customer, without a browser between: every header is as written here. */
export class Portal {
  readonly gate: RunningGate;
  readonly key: TestServiceKey;

  constructor(gate: RunningGate, key: TestServiceKey) {
    this.gate = gate;
    this.key = key;
  }

  /** A portal with an analytics key of its own, for its pages at `PORTAL`. */
  static async open(gate: RunningGate, scope: object = {}): Promise<Portal> {
    return new Portal(gate, await addServiceKey(gate, { allowedOrigins: [PORTAL], ...scope }));
  }

  /** The server logs a user in; a text is sent as it is. */
  logIn(body: object | string = LOGIN, headers: readonly Header[] = this.keyHeader()): Promise<HttpAnswer> {
    return this.#post(LOGIN_PATH, headers, body);
  }

  askForTempToken(body: object | string = LOGIN, headers: readonly Header[] = this.keyHeader()): Promise<HttpAnswer> {
    return this.#post(TEMP_TOKEN_PATH, headers, body);
  }

  async securityToken(body?: object): Promise<string> {
    return tokenIn(await this.logIn(body));
  }

  async tempToken(body?: object): Promise<string> {
    return tokenIn(await this.askForTempToken(body));
  }

  /** The page exchanges a temp token. */
  exchange(tempToken: string, body?: object, headers: readonly Header[] = [['Origin', PORTAL]]): Promise<HttpAnswer> {
    return this.#post(SESSION_PATH, [['Authorization', tempToken], ...headers], body);
  }

  /** The value of a new session's cookie. */
  async sessionCookie(body?: object): Promise<string> {
    return cookieIn(await this.exchange(await this.tempToken(body)));
  }

  /** A new session as a bearer value. */
  async sessionToken(body?: object): Promise<string> {
    return tokenIn(await this.exchange(await this.tempToken(body), { mode: 'token' }));
  }

  /** An analytics call with these headers. */
  analytics(headers: readonly Header[], path = ANALYTICS_PATH): Promise<HttpAnswer> {
    return this.gate.call({ path, headers });
  }

  keyHeader(): Header[] {
    return [['X-API-Key', this.key.apiKey]];
  }

  #post(path: string, headers: readonly Header[], body?: object | string): Promise<HttpAnswer> {
    const text = typeof body === 'object' ? JSON.stringify(body) : body;
    return this.gate.call({ method: 'POST', path, headers, ...(text !== undefined && { body: text }) });
  }
}

/** What a page of the portal sends with its cookie. */
export const withCookie = (value: string, origin = PORTAL): Header[] => [
  ['Cookie', `${cookies.session}=${value}`],
  ['Origin', origin],
  ['X-Requested-With', 'widget'],
];

export const bearer = (token: string): Header[] => [['Authorization', `Bearer ${token}`]];

function tokenIn({ status, json, text }: HttpAnswer): string {
  if (status !== 200) throw new Error(`${status} ${text}`);
  return String(json.token);
}

/** The value of the session cookie that an answer sets. */
export function cookieIn({ status, headers, text }: HttpAnswer): string {
  const [set = ''] = headers['set-cookie'] ?? [];
  const value = set.startsWith(`${cookies.session}=`) ? set.slice(cookies.session.length + 1).split(';')[0] : undefined;
  if (value === undefined) throw new Error(`no session cookie: ${status} ${text}`);
  return value;
}
