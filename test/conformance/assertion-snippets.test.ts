import { createHmac, createPublicKey, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment } from '#contract/environment.ts';
import { headers } from '#contract/headers.ts';
import { type AssertedCall, mintAssertion } from '#lambda/forwarding/assertion.ts';
import { deriveSigningKeys, type SigningKey, signingKeyOf } from '#lambda/forwarding/signing-keys.ts';
import { SecretsRingStore } from '#lambda/ring/ring.store.ts';
import { parseRing, type Ring } from '#lambda/ring/ring.ts';
import { parseFaults } from '#local/faults.ts';
import { clientsOf } from '../support/aws-clients.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import { callHttp, type HttpAnswer } from '../support/http.ts';
import { addServiceKey } from '../support/portal.ts';
import { freePort } from '../support/ports.ts';
import { snippetLanguages, startSnippetUpstream } from '../support/snippet-upstreams.ts';

const ISSUER = 'widget-gate:dev:local';
const PATH = '/base/orders/17';

interface Program {
  readonly origin: string;
  readonly folder: string;
  readonly end: () => Promise<void>;
  /** Calls it through the gate. */
  readonly call: (path: string) => Promise<HttpAnswer>;
  /** What the claims of such a call say. */
  readonly identity: object;
}

let gate: RunningGate;
/** The gate's own signing key, as only someone who took over one of its functions has it, and the ring that other functions read. */
let key: SigningKey;
let sealingRing: Ring;
const programs = new Map<string, Program>();
const languages = Object.keys(snippetLanguages) as (keyof typeof snippetLanguages)[];
const programOf = (language: string): Program => programs.get(language) as Program;

beforeAll(async () => {
  const ports = new Map(await Promise.all(languages.map(async (language) => [language, await freePort()] as const)));
  const originOf = (language: keyof typeof snippetLanguages): string => `http://127.0.0.1:${ports.get(language)}`;
  gate = await startGate({
    environment: {
      [environment.upstreamUrl]: `${originOf('Node')}/base`,
      [environment.dataRouterUpstreamUrl]: `${originOf('PHP')}/base`,
      [environment.analyticsUpstreamUrl]: `${originOf('Python')}/base`,
    },
  });
  const router = await addServiceKey(gate, { purpose: 'data-router' });
  const analytics = await addServiceKey(gate);
  const calls: Record<keyof typeof snippetLanguages, Pick<Program, 'call' | 'identity'>> = {
    Node: {
      call: (path) => gate.call({ path: `/api/widget/${path}`, headers: [['X-Widget-Token', gate.signToken()]] }),
      identity: { shop_id: gate.shop.shopId },
    },
    PHP: {
      call: (path) => gate.call({ path: `/api/data-router/${path}`, headers: [['X-API-Key', router.apiKey]] }),
      identity: { service_key_id: router.keyId },
    },
    Python: {
      call: (path) =>
        gate.call({
          path: `/api/analytics/${path}`,
          headers: [
            ['X-API-Key', analytics.apiKey],
            ['X-User-Id', 'u-17'],
            ['X-App-Id', 'app-3'],
          ],
        }),
      identity: { service_key_id: analytics.keyId, user_id: 'u-17', app_id: 'app-3' },
    },
  };
  for (const language of languages) {
    const origin = originOf(language);
    const folder = mkdtempSync(join(tmpdir(), 'widget-gate-snippet-'));
    const end = await startSnippetUpstream(snippetLanguages[language], folder, ports.get(language) as number, {
      WIDGET_GATE_URL: gate.host.baseUrl,
      WIDGET_GATE_ISSUER: ISSUER,
      WIDGET_GATE_UPSTREAM_ORIGIN: origin,
    });
    programs.set(language, { origin, folder, end, ...calls[language] });
  }
  key = await newestKey();
  sealingRing = await ringOf('WidgetAuthorizer', environment.ringSecret);
}, 120_000);
afterEach(() => gate.host.setFaults(parseFaults('')));
afterAll(async () => {
  for (const { folder, end } of programs.values()) {
    await end();
    rmSync(folder, { recursive: true, force: true });
  }
  await gate.close();
});

async function ringOf(functionPrefix: string, variable: string): Promise<Ring> {
  const { secretsManager, environment: variables } = clientsOf(gate, functionPrefix);
  const ring = parseRing(await new SecretsRingStore(secretsManager, variables[variable] as string).read());
  secretsManager.destroy();
  if (!ring.ok) throw new Error(ring.reason);
  return ring.value;
}

const now = (): number => Math.floor(Date.now() / 1_000);

async function newestKey(): Promise<SigningKey> {
  const ring = await ringOf('WidgetEndpoint', environment.signingSecret);
  const deployment = gate.deployment.functions.find(({ logicalId }) => logicalId.startsWith('WidgetEndpoint'))
    ?.environment[environment.deployment] as string;
  return deriveSigningKeys(ring, deployment, now()).keys.get(ring.sealWith) as SigningKey;
}

const callDirectly = (
  program: Program,
  assertion: string | undefined,
  path = PATH,
  method = 'GET',
): Promise<HttpAnswer> => {
  const proof = assertion === undefined ? [] : [['X-Gate-Assertion', assertion] as const];
  return callHttp(program.origin, { method, path, headers: [['X-Shop-Id', 'shop_victim'], ...proof] });
};

/** A JWT of these parts. */
const jwt = (header: object, payload: object, signer: (text: string) => Buffer): string => {
  const signed = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${signed}.${signer(signed).toString('base64url')}`;
};

interface Forging {
  /** One of the gate's, with changes. */
  readonly mint: (changes?: Partial<AssertedCall>, secondsAgo?: number, issuer?: string) => string;
  readonly header: object;
  readonly payload: object;
}

const hmacBy = (secret: string | Buffer) => (text: string) => createHmac('sha256', secret).update(text).digest();
const signedBy =
  ({ privateKey }: SigningKey) =>
  (text: string) =>
    sign(null, Buffer.from(text), privateKey);

const hostile: readonly (readonly [string, (forging: Forging) => string | undefined])[] = [
  ['no assertion', () => undefined],
  ['an empty one', () => ''],
  ['one for another path', ({ mint }) => mint({ path: '/base/orders/18' })],
  ['one for another method', ({ mint }) => mint({ method: 'DELETE' })],
  ['one for another upstream', ({ mint }) => mint({ audience: 'http://127.0.0.1:1' })],
  ['one of another deployment', ({ mint }) => mint({}, 0, 'widget-gate:prod:local')],
  ['one that is 61 seconds old', ({ mint }) => mint({}, 61)],
  [
    'a key that is not published',
    ({ header, payload }) => jwt(header, payload, signedBy(signingKeyOf(Buffer.alloc(32, 7)))),
  ],
  ['alg none', ({ header, payload }) => jwt({ ...header, alg: 'none' }, payload, () => Buffer.alloc(0))],
  [
    'HMAC by the public key',
    ({ header, payload }) =>
      jwt({ ...header, alg: 'HS256' }, payload, hmacBy(Buffer.from(key.publicKey.x, 'base64url'))),
  ],
  [
    'HMAC by the public key as PEM',
    ({ header, payload }) =>
      jwt(
        { ...header, alg: 'HS256' },
        payload,
        hmacBy(createPublicKey(key.privateKey).export({ format: 'pem', type: 'spki' }) as string),
      ),
  ],
  [
    'HMAC by the ring key',
    ({ header, payload }) =>
      jwt({ ...header, alg: 'HS256' }, payload, hmacBy(sealingRing.secrets.get('rk_1') as string)),
  ],
  [
    'HMAC that says EdDSA',
    ({ header, payload }) => jwt(header, payload, hmacBy(sealingRing.secrets.get('rk_1') as string)),
  ],
  [
    'a key derived from the ring',
    ({ header, payload }) =>
      jwt(header, payload, signedBy(deriveSigningKeys(sealingRing, 'x', now()).keys.get('rk_1') as SigningKey)),
  ],
  [
    'a changed identity',
    ({ mint, payload }) =>
      mint()
        .split('.')
        .with(1, Buffer.from(JSON.stringify(payload)).toString('base64url'))
        .join('.'),
  ],
  ['a signature that is cut short', ({ mint }) => mint().slice(0, -4)],
  ['a fourth part', ({ mint }) => `${mint()}.x`],
  ['two at once', ({ mint }) => `${mint()}, ${mint()}`],
  ['no JSON', ({ mint }) => `e30.${mint().split('.').slice(1).join('.')}`],
  ['null in place of claims', ({ header }) => jwt(header, null as unknown as object, signedBy(key))],
];

describe.each(languages)('the piece for %s', (language) => {
  test('accepts a call that came through the gate, with its claims', async () => {
    const program = programOf(language);
    const answer = await program.call('orders/a%20b?page=2');
    expect([answer.status, answer.json.claims]).toEqual([
      200,
      expect.objectContaining({ ...program.identity, htm: 'GET', htu: '/base/orders/a%20b', iss: ISSUER }),
    ]);
    const assertion = String(answer.json.assertion);
    // The very call can be repeated within the minute: the assertion proves where it came from, not that it is the first.
    expect((await callDirectly(program, assertion, '/base/orders/a%20b?page=2')).status).toBe(200);
    expect((await callDirectly(program, assertion)).status).toBe(401);
  });

  test.each(hostile)('refuses %s', async (_name, forge) => {
    const program = programOf(language);
    const call = { audience: program.origin, method: 'GET', path: PATH, requestId: 'r-1' };
    const mint: Forging['mint'] = (changes = {}, secondsAgo = 0, issuer = ISSUER) => {
      const identity = { [headers.shopId]: 'shop_abc' };
      return mintAssertion({ ...call, identity, ...changes }, key, issuer, now() - secondsAgo);
    };
    const [header = {}, payload = {}] = mint({ identity: { [headers.shopId]: 'shop_victim' } })
      .split('.', 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as object);
    const { status, json } = await callDirectly(program, forge({ mint, header, payload }));
    expect([status, json.code]).toEqual([401, 'not_from_gate']);
    expect((await callDirectly(program, mint())).status).toBe(200);
  });
});

test('the pieces fetch the public keys again when they meet a new one, and refuse what a dropped key signed', async () => {
  const some = ['PHP', 'Python'] as const;
  const statusOf = async (language: (typeof some)[number], by: SigningKey): Promise<number> => {
    const program = programOf(language);
    const call = { audience: program.origin, method: 'GET', path: PATH, requestId: 'r-1', identity: {} };
    return (await callDirectly(program, mintAssertion(call, by, ISSUER, now()))).status;
  };
  const pass = (minutes: number, seconds: number): void => {
    gate.host.setFaults(parseFaults(`clock:offset=+${minutes}m`));
    for (const language of some) snippetLanguages[language].age?.(programOf(language).folder, seconds);
  };
  const old = key;
  await gate.host.aws.rotateSecret('SigningKeys');
  const added = await newestKey();
  expect(added.publicKey.kid).not.toBe(old.publicKey.kid);
  // The function that publishes the keys reads them again.
  pass(6, 31);
  for (const language of some)
    expect([await statusOf(language, added), await statusOf(language, old)]).toEqual([200, 200]);
  pass(30, 0);
  await gate.host.aws.invokeRotation('SigningKeys', { Step: 'dropOldKeys' });
  pass(36, 301);
  // PyJWT keeps its keys in memory for five minutes.
  expect(await statusOf('PHP', old)).toBe(401);
  for (const language of some) expect(await statusOf(language, added)).toBe(200);
});
