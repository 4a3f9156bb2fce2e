import { generateApiKey } from '#lambda/crypto/api-key.ts';
import type { HttpCall } from '../support/http.ts';
import type { ModelCall, ModelKey, ModelShop } from './model.ts';
import { makeToken } from './tokens.ts';
import type { World } from './world.ts';

/** A call on the wire, and what is true of it. */
export interface Generated {
  readonly label: string;
  readonly http: HttpCall;
  readonly call: ModelCall;
}

interface TokenParts {
  readonly shopId: string;
  readonly issuedAt: number;
  readonly signedBy: string | undefined;
  readonly origin?: string | undefined;
  /** The text, where it is not the one that `signedBy` makes. */
  readonly text?: string;
}

export function sessionCall(label: string, { shopId, issuedAt, signedBy, origin, text }: TokenParts): Generated {
  const token = text ?? makeToken(shopId, issuedAt, signedBy ?? '');
  const headers = [['X-Widget-Token', token] as const, ...(origin === undefined ? [] : [['Origin', origin] as const])];
  return {
    label,
    http: { path: '/api/widget/session', headers },
    call: { kind: 'session', shopId, issuedAt, signedBy, origin },
  };
}

export const issueCall = (
  label: string,
  shopIdInPath: string,
  apiKey: string,
  ownerId: string | undefined,
): Generated => ({
  label,
  http: {
    method: 'POST',
    path: `/api/shops/${shopIdInPath}/widget-token`,
    headers: [['X-Shop-API-Key', apiKey]],
  },
  call: { kind: 'issue', shopIdInPath, apiKey, ownerId },
});

export const strangersKey = (): string => generateApiKey('sk', 'test').text;
const textOf = (keys: readonly ModelKey[]): string | undefined =>
  keys.findLast(({ apiKey }) => apiKey !== undefined)?.apiKey;

/** The newest key that a shop's owner would use now; a stranger's where its text was lost. */
export const keyOf = ({ keys }: ModelShop): string =>
  textOf(keys.filter(({ credentialUntil }) => credentialUntil === undefined)) ?? strangersKey();

/** A good call of a shop's widget, stamped now. */
export function goodCall(world: World, shopId: string): Generated {
  const shop = world.oracle.historyOf(shopId).current;
  return sessionCall('good token', { shopId, issuedAt: world.oracle.nowSeconds(), signedBy: keyOf(shop) });
}

/** A well-formed token of a shop that does not exist: it costs the store a look. */
export const unknownShop = (number: number, now: number): Generated =>
  sessionCall('unknown shop', {
    shopId: `shop_${String(number).padStart(24, '0')}`,
    issuedAt: now,
    signedBy: undefined,
  });
