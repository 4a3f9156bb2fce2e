import { createHmac, createPublicKey, createSecretKey, type KeyObject, sign } from 'node:crypto';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  type JSONWebKeySet,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose';
import { headers } from '#contract/headers.ts';
import { limits } from '#contract/limits.ts';
import { type AssertedCall, identityClaimNames, mintAssertion } from '#lambda/forwarding/assertion.ts';
import {
  deriveSigningKeys,
  publicKeysOf,
  type SigningKey,
  type SigningKeys,
  signingKeyOf,
} from '#lambda/forwarding/signing-keys.ts';
import { parseRing, type Ring } from '#lambda/ring/ring.ts';
import { DEPLOYMENT, RING_TEXT, ringText } from '#test/support/shops.ts';

const ISSUER = 'widget-gate:prod:3f1c2d9e-0000-4000-8000-000000000000';
const NOW = 1_800_000_000;
const SECRET = 's'.repeat(64);

function ringOf(text: string): Ring {
  const ring = parseRing(text);
  if (!ring.ok) throw new Error(ring.reason);
  return ring.value;
}
const keys = deriveSigningKeys(ringOf(ringText({ rk_1: SECRET, rk_2: 't'.repeat(64) }, 'rk_2')), DEPLOYMENT, NOW);
const keyOf = (of: SigningKeys, id: string): SigningKey => of.keys.get(id) as SigningKey;
const key = keyOf(keys, 'rk_2');
const published = (of = keys): JSONWebKeySet => publicKeysOf(of) as unknown as JSONWebKeySet;

const call = (changes: Partial<AssertedCall> = {}): AssertedCall => ({
  audience: 'https://api.example.com',
  method: 'POST',
  path: '/base/orders/17',
  requestId: 'r-1',
  identity: { [headers.shopId]: 'shop_abc', [headers.tokenIssuedAt]: '1799990000' },
  ...changes,
});
const mint = (changes: Partial<AssertedCall> = {}, by = key, issuer = ISSUER): string =>
  mintAssertion(call(changes), by, issuer, NOW);

/** An upstream with a plain JWT library and the options that docs/forwarding.md documents, for the call above. */
async function accepts(text: string, seconds = 0, of = published()): Promise<JWTPayload> {
  const { method, path, audience } = call();
  const { payload } = await jwtVerify(text, createLocalJWKSet(of), {
    algorithms: ['EdDSA'],
    issuer: ISSUER,
    audience,
    requiredClaims: ['exp'],
    currentDate: new Date((NOW + seconds) * 1_000),
  });
  if (payload.htm !== method || payload.htu !== path) throw new Error('of another call');
  return payload;
}

const EVERY_CLAIM = {
  [headers.shopId]: 'shop_abc',
  [headers.tokenIssuedAt]: '1799990000',
  [headers.credentialKind]: 'security-token',
  [headers.serviceKeyId]: '3fGh81Kd',
  [headers.userId]: 'u-17',
  [headers.appId]: 'app-3',
  [headers.clientId]: 'acme',
  [headers.orgId]: 'org-1',
  [headers.claims]: Buffer.from('{"roles":["Küche"],"__proto__":{"a":1}}').toString('base64url'),
};
const REGISTERED = {
  iss: ISSUER,
  aud: 'https://api.example.com',
  iat: NOW,
  exp: NOW + 60,
  jti: 'r-1',
  htm: 'POST',
  htu: '/base/orders/17',
};

test('jose verifies what we sign, and finds every part of the identity', async () => {
  const payload = await accepts(mint({ identity: EVERY_CLAIM }));
  const { claims, ...others } = payload;
  expect(others).toEqual({
    ...REGISTERED,
    shop_id: 'shop_abc',
    token_issued_at: 1_799_990_000,
    credential_kind: 'security-token',
    service_key_id: '3fGh81Kd',
    user_id: 'u-17',
    app_id: 'app-3',
    client_id: 'acme',
    org_id: 'org-1',
  });
  expect(JSON.stringify(claims)).toBe('{"roles":["Küche"],"__proto__":{"a":1}}');
  expect(Object.keys(payload).slice(7)).toEqual(identityClaimNames);
});

test('a claim is present only where its header is, and other headers are not claims', async () => {
  expect(await accepts(mint({ identity: { [headers.shopId]: 'shop_abc', 'X-Other': 'x' } }))).toEqual({
    ...REGISTERED,
    shop_id: 'shop_abc',
  });
  expect(await accepts(mint({ identity: {} }))).toEqual(REGISTERED);
});

test('jose signs the same text: EdDSA is deterministic', async () => {
  const ours = mint();
  const payload = JSON.parse(Buffer.from(ours.split('.')[1] as string, 'base64url').toString()) as JWTPayload;
  const header = { alg: 'EdDSA', kid: key.publicKey.kid, typ: 'JWT' };
  expect(await new SignJWT(payload).setProtectedHeader(header).sign(key.privateKey)).toBe(ours);
});

test('the key of RFC 8037, appendix A, has its public key and thumbprint', () => {
  const { publicKey } = signingKeyOf(Buffer.from('nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A', 'base64url'));
  expect([publicKey.x, publicKey.kid]).toEqual([
    '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
    'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
  ]);
});

test('a public key is named by its thumbprint and has no private part', async () => {
  for (const jwk of published().keys) {
    expect(jwk.kid).toBe(await calculateJwkThumbprint(jwk as JWK));
    expect(Object.keys(jwk).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
  }
});

test('purposes, deployments and ring keys each have a signing key of their own, the same every time', () => {
  const kidsOf = (text: string, deployment: string): string[] =>
    published(deriveSigningKeys(ringOf(text), deployment, NOW)).keys.map(({ kid }) => String(kid));
  const one = ringText({ rk_1: SECRET });
  expect(kidsOf(one, DEPLOYMENT)).toEqual(kidsOf(one, DEPLOYMENT));
  const all = [
    ...kidsOf(ringText({ rk_1: SECRET, rk_2: 't'.repeat(64) }), DEPLOYMENT),
    ...kidsOf(one, 'widget-gate:000000000000:prod'),
    ...kidsOf(RING_TEXT, DEPLOYMENT),
  ];
  expect(new Set(all).size).toBe(4);
});

/** A JWT of these parts. */
const jwt = (header: object, payload: object, signer: (text: string) => Buffer): string => {
  const signed = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${signer(signed).toString('base64url')}`;
};
const hmacBy = (secret: string | Buffer | KeyObject) => (text: string) =>
  createHmac('sha256', secret).update(text).digest();
const payload = { ...REGISTERED, shop_id: 'shop_victim' };
const header = { alg: 'EdDSA', kid: key.publicKey.kid, typ: 'JWT' };
const publicKey = createPublicKey(key.privateKey);
const parts = (): string[] => mint().split('.');

describe('an upstream refuses', () => {
  test.each<[string, () => string]>([
    ['another path', () => mint({ path: '/base/orders/18' })],
    ['a path that is its beginning', () => mint({ path: '/base/orders/1' })],
    ['another method', () => mint({ method: 'DELETE' })],
    ['another upstream', () => mint({ audience: 'https://api.example.com:8443' })],
    ['another deployment', () => mint({}, key, 'widget-gate:dev:3f1c2d9e-0000-4000-8000-000000000000')],
    [
      'a key that is not published',
      () => mint({}, keyOf(deriveSigningKeys(ringOf(RING_TEXT), DEPLOYMENT, NOW), 'rk_1')),
    ],
    ['alg none', () => jwt({ ...header, alg: 'none' }, payload, () => Buffer.alloc(0))],
    ['alg none, with a signature', () => jwt({ ...header, alg: 'none' }, payload, () => Buffer.alloc(64))],
    [
      'HMAC by the bytes of the public key',
      () => jwt({ ...header, alg: 'HS256' }, payload, hmacBy(Buffer.from(key.publicKey.x, 'base64url'))),
    ],
    [
      'HMAC by the text of the public key',
      () => jwt({ ...header, alg: 'HS256' }, payload, hmacBy(JSON.stringify(key.publicKey))),
    ],
    [
      'HMAC by the public key as PEM',
      () => jwt({ ...header, alg: 'HS256' }, payload, hmacBy(publicKey.export({ type: 'spki', format: 'pem' }))),
    ],
    [
      'HMAC by a ring key',
      () => jwt({ ...header, alg: 'HS256' }, payload, hmacBy(createSecretKey(Buffer.from(SECRET)))),
    ],
    ['HMAC that says EdDSA', () => jwt(header, payload, hmacBy(SECRET))],
    [
      'a key derived from the sealing ring under the published id',
      () =>
        jwt(header, payload, (text) =>
          sign(
            null,
            Buffer.from(text),
            keyOf(deriveSigningKeys(ringOf(RING_TEXT), DEPLOYMENT, NOW), 'rk_1').privateKey,
          ),
        ),
    ],
    [
      'a key that the assertion brings along',
      () =>
        jwt(
          { ...header, jwk: publicKeysOf(deriveSigningKeys(ringOf(RING_TEXT), DEPLOYMENT, NOW)).keys[0] },
          payload,
          (text) =>
            sign(
              null,
              Buffer.from(text),
              keyOf(deriveSigningKeys(ringOf(RING_TEXT), DEPLOYMENT, NOW), 'rk_1').privateKey,
            ),
        ),
    ],
    [
      'a changed identity',
      () => {
        const [head, , signature] = parts();
        return [head, Buffer.from(JSON.stringify(payload)).toString('base64url'), signature].join('.');
      },
    ],
    ['a signature that is cut short', () => mint().slice(0, -4)],
    ['a fourth part', () => `${mint()}.x`],
    ['no assertion', () => ''],
  ])('%s', async (_name, make) => {
    await expect(accepts(make())).rejects.toThrow();
  });

  test('one that is older than a minute, and one second earlier accepts it', async () => {
    await expect(accepts(mint(), 59)).resolves.toMatchObject(REGISTERED);
    await expect(accepts(mint(), 60)).rejects.toThrow('"exp" claim timestamp check failed');
    await expect(accepts(mint(), 61)).rejects.toThrow('"exp" claim timestamp check failed');
  });

  test('one by a retired key', async () => {
    const retired = published(deriveSigningKeys(ringOf(ringText({ rk_2: 't'.repeat(64) }, 'rk_2')), DEPLOYMENT, NOW));
    await expect(accepts(mint({}, keyOf(keys, 'rk_1')))).resolves.toMatchObject(REGISTERED);
    await expect(accepts(mint({}, keyOf(keys, 'rk_1')), 0, retired)).rejects.toThrow('no applicable key');
  });
});

test('the times leave room for every cache', () => {
  const { assertionSeconds, publicKeysCacheSeconds, signingKeySettledSeconds, signingKeyKeptSeconds } = limits;
  const ringCache = limits.ringCacheSeconds * (1 + limits.cacheJitterRatio);
  expect(assertionSeconds).toBeLessThanOrEqual(60);
  expect(signingKeySettledSeconds).toBeGreaterThanOrEqual(
    ringCache + publicKeysCacheSeconds + limits.ringPromotionSeconds,
  );
  expect(signingKeyKeptSeconds).toBeGreaterThan(
    signingKeySettledSeconds + ringCache + publicKeysCacheSeconds + assertionSeconds,
  );
});
