import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { environment } from '#contract/environment.ts';
import { limits } from '#contract/limits.ts';
import { SecretsRingVersions } from '#lambda/ring/ring.store.ts';
import { parseFaults } from '#local/faults.ts';
import { clientsOf } from '../support/aws-clients.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import type { HttpAnswer } from '../support/http.ts';
import { addServiceKey, bearer, LOGIN, Portal } from '../support/portal.ts';
import { startUpstream, type Upstream, type UpstreamCall } from '../support/upstream.ts';

const JWKS = '/.well-known/jwks.json';
const ISSUER = 'widget-gate:dev:local';

let gate: RunningGate;
let upstream: Upstream;
let routerKey: string;
let log = '';
beforeAll(async () => {
  upstream = await startUpstream();
  const base = `${upstream.url}/base`;
  gate = await startGate({
    environment: {
      [environment.upstreamUrl]: base,
      [environment.analyticsUpstreamUrl]: base,
      [environment.dataRouterUpstreamUrl]: base,
    },
    log: (text) => {
      log += text;
    },
  });
  routerKey = (await addServiceKey(gate, { purpose: 'data-router' })).apiKey;
});
beforeEach(() => upstream.takeCalls());
afterEach(() => gate.host.setFaults(parseFaults('')));
afterAll(async () => {
  await gate.close();
  await upstream.close();
});

const publicKeys = async (): Promise<JSONWebKeySet> =>
  (await gate.call({ path: JWKS })).json as unknown as JSONWebKeySet;

/** What a plain JWT library says of a call that reached the upstream, by the documented options. */
async function verified(call: UpstreamCall, keys: JSONWebKeySet, currentDate = new Date()): Promise<JWTPayload> {
  const { payload } = await jwtVerify(String(call.headers['x-gate-assertion']), createLocalJWKSet(keys), {
    algorithms: ['EdDSA'],
    audience: upstream.url,
    issuer: ISSUER,
    requiredClaims: ['exp', 'iat', 'jti', 'htm', 'htu'],
    currentDate,
  });
  if (payload.htm !== call.method || payload.htu !== call.url.split('?')[0]) throw new Error('of another call');
  return payload;
}

const callRouter = (path = 'imports?of=today'): Promise<HttpAnswer> =>
  gate.call({ method: 'POST', path: `/api/data-router/${path}`, headers: [['X-API-Key', routerKey]], body: '{}' });

/** The one call that reached the upstream. */
function reached(): UpstreamCall {
  const calls = upstream.takeCalls();
  expect(calls).toHaveLength(1);
  return calls[0] as UpstreamCall;
}

describe('a forwarded call carries an assertion that a plain JWT library verifies', () => {
  const registered = ({ headers }: UpstreamCall, htm: string, htu: string) => ({
    iss: ISSUER,
    aud: upstream.url,
    iat: expect.any(Number),
    exp: expect.any(Number),
    jti: headers['x-request-id'],
    htm,
    htu,
  });

  test('of a widget call: whose shop it is, and since when its token is valid', async () => {
    const token = gate.signToken();
    await gate.call({ path: '/api/widget/items/a%20b?q=1', headers: [['X-Widget-Token', token]] });
    const call = reached();
    const payload = await verified(call, await publicKeys());
    expect(payload).toEqual({
      ...registered(call, 'GET', '/base/items/a%20b'),
      shop_id: gate.shop.shopId,
      token_issued_at: Number(Buffer.from(token, 'base64').toString().split(':')[1]),
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(limits.assertionSeconds);
  });

  test('of an analytics call: user, app, client, organization, key and the other members of the token', async () => {
    const portal = await Portal.open(gate);
    const token = await portal.securityToken({ ...LOGIN, orgid: 'org-1', permissions: ['north'] });
    await gate.call({ method: 'PUT', path: '/api/analytics/rows', headers: bearer(token), body: '[]' });
    const call = reached();
    expect(await verified(call, await publicKeys())).toEqual({
      ...registered(call, 'PUT', '/base/rows'),
      credential_kind: 'security-token',
      service_key_id: portal.key.keyId,
      user_id: LOGIN.userid,
      app_id: LOGIN.appid,
      client_id: LOGIN.clientid,
      org_id: 'org-1',
      claims: { permissions: ['north'] },
    });
  });

  test('of a data router call: whose key it is', async () => {
    await callRouter();
    const call = reached();
    expect(await verified(call, await publicKeys())).toEqual({
      ...registered(call, 'POST', '/base/imports'),
      credential_kind: 'data-router-key',
      service_key_id: routerKey.split('_')[2],
    });
  });

  test("a client's own assertion is dropped, in every spelling", async () => {
    const forged = ['X-Gate-Assertion', 'x-gate-assertion', 'X_Gate_Assertion'].map(
      (name) => [name, 'forged'] as const,
    );
    await gate.call({ path: '/api/widget/items', headers: [['X-Widget-Token', gate.signToken()], ...forged] });
    const call = reached();
    expect(call.rawHeaders.join(' ')).not.toContain('forged');
    await verified(call, await publicKeys());
  });

  test('an answer of the gate itself needs none, and the page never gets one', async () => {
    expect((await gate.session(gate.signToken())).status).toBe(200);
    expect(upstream.takeCalls()).toEqual([]);
    expect(Object.keys((await callRouter()).headers)).not.toContain('x-gate-assertion');
  });
});

describe('the public keys', () => {
  test('are cacheable for five minutes, readable by any page and sent with no cookie', async () => {
    const answer = await gate.call({ path: JWKS, headers: [['Origin', 'https://anywhere.example']] });
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'cache-control': ['public, max-age=300'],
      'content-type': ['application/json'],
      'access-control-allow-origin': ['*'],
    });
    expect(Object.keys(answer.headers)).not.toContain('set-cookie');
  });

  test('have these members and no private part', async () => {
    const { keys } = await publicKeys();
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys)
      expect(key).toEqual({
        kty: 'OKP',
        crv: 'Ed25519',
        x: expect.stringMatching(/^[\w-]{43}$/),
        kid: expect.stringMatching(/^[\w-]{43}$/),
        use: 'sig',
        alg: 'EdDSA',
      });
  });
});

describe('while a key is rotated', () => {
  /** An upstream that fetches the public keys every five minutes and at no other time, whatever it meets. */
  class StrictUpstream {
    #keys: JSONWebKeySet = { keys: [] };
    #fetchedAt = Number.NEGATIVE_INFINITY;
    /** The key of each call, in order. */
    readonly signers: string[] = [];

    async check(now: number): Promise<void> {
      if (now - this.#fetchedAt >= limits.publicKeysCacheSeconds * 1_000) {
        this.#keys = await publicKeys();
        this.#fetchedAt = now;
      }
      for (const call of upstream.takeCalls()) {
        await verified(call, this.#keys, new Date(now));
        const { kid = '' } = decodeProtectedHeader(String(call.headers['x-gate-assertion']));
        this.signers.push(kid);
      }
    }
  }

  test('no assertion is ever unverifiable for an upstream that caches the public keys, and the new key takes over', async () => {
    const strict = new StrictUpstream();
    const first = (await publicKeys()).keys.map(({ kid }) => kid);
    for (let minutes = 0; minutes <= 30; minutes += 1) {
      gate.host.setFaults(parseFaults(`clock:offset=+${minutes}m`));
      const rotating = minutes === 4 ? gate.host.aws.rotateSecret('SigningKeys') : Promise.resolve();
      const answers = await Promise.all(Array.from({ length: 8 }, () => callRouter()));
      expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
      await rotating;
      await strict.check(Date.now() + minutes * 60_000);
    }
    const { keys } = await publicKeys();
    expect(keys.map(({ kid }) => kid)).toEqual([...first, expect.any(String)]);
    // Each environment of a function changes over at its own time.
    const [old, added] = [String(first.at(-1)), String(keys.at(-1)?.kid)];
    expect(new Set(strict.signers)).toEqual(new Set([old, added]));
    expect([new Set(strict.signers.slice(0, 32)), new Set(strict.signers.slice(-16))]).toEqual([
      new Set([old]),
      new Set([added]),
    ]);
  });

  test('an old key is published until the first rotation an hour later; then what it signed is refused', async () => {
    await callRouter();
    const old = reached();
    const { kid } = decodeProtectedHeader(String(old.headers['x-gate-assertion']));
    expect((await publicKeys()).keys.map((key) => key.kid)).toContain(kid);
    for (const minutes of [60, 125, 130]) {
      gate.host.setFaults(parseFaults(`clock:offset=+${minutes}m`));
      await gate.host.aws.rotateSecret('SigningKeys');
    }
    gate.host.setFaults(parseFaults('clock:offset=+140m'));
    const keys = await publicKeys();
    expect(keys.keys.map((key) => key.kid)).not.toContain(kid);
    await expect(verified(old, keys)).rejects.toThrow('no applicable key');
  });
});

test('without signing keys nothing is forwarded: 503, never an unsigned call; keys that were read outlive an outage', async () => {
  const own = await startGate({ environment: { [environment.dataRouterUpstreamUrl]: upstream.url } });
  const { apiKey } = await addServiceKey(own, { purpose: 'data-router' });
  const call = (): Promise<HttpAnswer> =>
    own.call({ path: '/api/data-router/imports', headers: [['X-API-Key', apiKey]] });
  try {
    own.host.setFaults(parseFaults('secretsmanager:down'));
    for (const answer of [await call(), await own.call({ path: JWKS })]) {
      expect([answer.status, answer.json.code]).toEqual([503, 'service_unavailable']);
      expect(answer.headers).toMatchObject({ 'retry-after': ['1'], 'cache-control': ['no-store'] });
    }
    expect(upstream.takeCalls()).toEqual([]);
    own.host.setFaults(parseFaults(''));
    for (const answer of [await call(), await own.call({ path: JWKS })]) expect(answer.status).toBe(200);
    own.host.setFaults(parseFaults('secretsmanager:down;clock:offset=+120m'));
    for (const answer of [await call(), await own.call({ path: JWKS })]) expect(answer.status).toBe(200);
    expect(upstream.takeCalls().map(({ headers }) => headers['x-gate-assertion'] !== undefined)).toEqual([true, true]);
  } finally {
    await own.close();
  }
});

test('no signing key and no assertion is in a log line', async () => {
  await callRouter();
  const assertion = String(reached().headers['x-gate-assertion']);
  const { secretsManager, environment: variables } = clientsOf(gate, 'SigningKeyRotation');
  const { text } = await new SecretsRingVersions(
    secretsManager,
    variables[environment.signingSecret] as string,
  ).readCurrent();
  const secrets = Object.values(JSON.parse(text) as object).filter(
    (value) => typeof value === 'string' && value.length > 60,
  );
  expect(secrets.length).toBeGreaterThan(0);
  expect(log).toContain('"event":"signing_key_rotation"');
  for (const secret of [...secrets, assertion]) expect(log).not.toContain(secret);
});
