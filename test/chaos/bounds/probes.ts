import { callHttp, type HttpCall } from '#test/support/http.ts';
import type { GateAccess } from '../gate-access.ts';

/** Calls at the same time, so that several environments of a function hold the records. */
export const PARALLEL = 6;

/** A call whose answer changes with an administrative change, and what it is answered before and after. */
export interface Probe {
  readonly name: string;
  readonly call: HttpCall;
  readonly before: number;
  readonly after: number;
  /** The answer must be the one after from the acknowledgment on: what this call presents did not exist before. */
  readonly atOnce?: boolean;
  /** The call that uses what this one issues. */
  readonly use?: (token: string) => HttpCall;
  /** How what was issued with 200 before everybody knew of the change ends up. Default: it lives. */
  readonly issued?: 'lives' | 'ends';
}

/** One kind of change: what has to be there first, the change itself, and the calls that show it. */
export interface Change {
  readonly probes: readonly Probe[];
  /** Makes the change; the probes that only exist from then on. */
  make(): Promise<readonly Probe[]>;
}

export interface Made {
  readonly [member: string]: unknown;
}

/** What a change is made with. */
export interface Tools {
  admin(request: Readonly<Record<string, unknown>>): Promise<Made>;
  /** Makes a call that must be answered 200, and returns the token in it. */
  tokenOf(call: HttpCall): Promise<string>;
  /** Makes calls that must be refused, several of each at a time: then records that refuse are young in several environments. */
  refused(calls: readonly HttpCall[]): Promise<void>;
  /** A new shop with a name of its own. */
  shop(members?: object): Promise<Shop>;
  serviceKey(members?: object): Promise<{ readonly keyId: string; readonly apiKey: string }>;
}

export interface Shop {
  readonly shopId: string;
  readonly apiKey: string;
  readonly origin: string;
}

export function toolsOf(access: GateAccess): Tools {
  let made = 0;
  const admin = async (request: Readonly<Record<string, unknown>>): Promise<Made> => {
    const answer = await access.administer(request);
    if (!answer.ok) throw new Error(`${JSON.stringify(request)} was refused: ${JSON.stringify(answer)}`);
    return answer;
  };
  return {
    admin,
    tokenOf: async (call) => {
      const { status, json, text } = await callHttp(access.baseUrl, call);
      if (status !== 200) throw new Error(`${call.path} was answered ${status}: ${text}`);
      return String(json.token);
    },
    refused: async (calls) => {
      const sent = calls.flatMap((call) => Array.from({ length: PARALLEL }, () => call));
      await Promise.all(
        sent.map(async (call) => {
          const { status, text } = await callHttp(access.baseUrl, call);
          if (status !== 401 && status !== 403) throw new Error(`${call.path} was answered ${status}: ${text}`);
        }),
      );
    },
    shop: async (members = {}) => {
      made += 1;
      const origin = `https://bound-${made}.example.com`;
      const shop = await admin({ action: 'create-shop', url: origin, exact: true, ...members });
      return { shopId: String(shop.shopId), apiKey: String(shop.apiKey), origin };
    },
    serviceKey: async (members = {}) => {
      const key = await admin({ action: 'add-service-key', purpose: 'analytics', label: 'bound', ...members });
      return { keyId: String(key.keyId), apiKey: String(key.apiKey) };
    },
  };
}

export const issue = (shopId: string, apiKey: string): HttpCall => ({
  method: 'POST',
  path: `/api/shops/${shopId}/widget-token`,
  headers: [['X-Shop-API-Key', apiKey]],
});

export const widget = (token: string, origin?: string): HttpCall => ({
  path: '/api/widget/session',
  headers: [['X-Widget-Token', token], ...(origin === undefined ? [] : [['Origin', origin] as const])],
});

export const logIn = (apiKey: string, subject: object): HttpCall => ({
  method: 'POST',
  path: '/devapi/v4/core/login/token',
  headers: [['X-API-Key', apiKey]],
  body: JSON.stringify({ userid: 'somebody', appid: 'some-app', ...subject }),
});

export const analytics = (token: string): HttpCall => ({
  path: '/api/analytics/session',
  headers: [['Authorization', token]],
});

export const dataRouter = (apiKey: string): HttpCall => ({
  path: '/api/data-router/session',
  headers: [['X-API-Key', apiKey]],
});
