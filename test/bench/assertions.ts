import { createPublicKey, randomBytes, sign } from 'node:crypto';
import { createSigner, createVerifier } from 'fast-jwt';
import { type JWTPayload, SignJWT } from 'jose';
import { headers } from '#contract/headers.ts';
import { type AssertedCall, mintAssertion } from '#lambda/forwarding/assertion.ts';
import { signingKeyOf } from '#lambda/forwarding/signing-keys.ts';
import { interleave } from './interleave.ts';
import { information, type Row, valueAtMost } from './report.ts';

const key = signingKeyOf(randomBytes(32));
const now = Math.floor(Date.now() / 1_000);
const call: AssertedCall = {
  audience: 'https://api.example.com',
  method: 'POST',
  path: '/v1/dashboards/17/rows',
  requestId: '3f1c2d9e-0000-4000-8000-000000000000',
  identity: {
    [headers.credentialKind]: 'security-token',
    [headers.serviceKeyId]: '3fGh81Kd',
    [headers.userId]: 'user_5f2b8c1e9d3a4076',
    [headers.appId]: 'app_dashboard',
    [headers.clientId]: 'client_0042',
    [headers.claims]: Buffer.from('{"roles":["viewer","editor"],"department":"Sales"}').toString('base64url'),
  },
};
const ours = (): string => mintAssertion(call, key, 'widget-gate:prod:3f1c2d9e', now);

const times =
  (make: () => unknown) =>
  (count: number): void => {
    for (let i = 0; i < count; i += 1) make();
  };
const awaitedTimes =
  (make: () => Promise<unknown>) =>
  async (count: number): Promise<void> => {
    for (let i = 0; i < count; i += 1) await make();
  };

/** Row 3a: the signature that each forwarded call has. The peers sign the same claims, with keys that were imported beforehand. */
export async function assertionRows(): Promise<Row[]> {
  const payload = JSON.parse(Buffer.from(ours().split('.')[1] as string, 'base64url').toString()) as JWTPayload;
  const protectedHeader = { alg: 'EdDSA', kid: key.publicKey.kid, typ: 'JWT' };
  const joseKey = await crypto.subtle.importKey(
    'pkcs8',
    key.privateKey.export({ format: 'der', type: 'pkcs8' }),
    'Ed25519',
    false,
    ['sign'],
  );
  const jose = (): Promise<string> => new SignJWT(payload).setProtectedHeader(protectedHeader).sign(joseKey);
  const pem = key.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
  const fastSign = createSigner({ key: pem, algorithm: 'EdDSA', header: protectedHeader, noTimestamp: true });
  const fast = (): string => fastSign({ ...payload });
  if ((await jose()) !== ours()) throw new Error('the benchmark signs other texts than jose');
  const publicPem = createPublicKey(key.privateKey).export({ format: 'pem', type: 'spki' }) as string;
  if (createVerifier({ key: publicPem, algorithms: ['EdDSA'] })(fast()).jti !== call.requestId)
    throw new Error('the benchmark compares with another token');
  const signed = Buffer.from(ours());
  const medians = await interleave({
    ours: times(ours),
    fast: times(fast),
    jose: awaitedTimes(jose),
    raw: times(() => sign(null, signed, key.privateKey)),
  });
  return [
    valueAtMost('3a', 'sign an assertion to an upstream', medians.ours / 1_000, 60, ' µs'),
    valueAtMost('3a', 'the same ÷ the bare Ed25519 signature of Node', medians.ours / medians.raw, 1.5, '×'),
    information(
      '3a',
      'fast-jwt, jose sign EdDSA ÷ ours',
      `${(medians.fast / medians.ours).toFixed(2)}×, ${(medians.jose / medians.ours).toFixed(2)}×`,
    ),
  ];
}
