import { createSecretKey, randomBytes } from 'node:crypto';
import { defaults, seal as ironSeal, unseal as ironUnseal } from '@hapi/iron';
import { CompactEncrypt, compactDecrypt } from 'jose';
import type { SecurityToken } from '#lambda/analytics/security-token.ts';
import { open, type SealedFor, type SealingKeys, seal } from '#lambda/crypto/jwe.ts';
import { interleave } from './interleave.ts';
import { information, type Row, ratioAtLeast } from './report.ts';

const JSON_BYTES = 400;
const issuedAt = Math.floor(Date.now() / 1_000);
const bareToken: SecurityToken = {
  userId: 'user_5f2b8c1e9d3a4076',
  appId: 'app_dashboard',
  clientId: 'client_0042',
  orgId: 'org_northwind',
  claims: { roles: ['viewer', 'editor'], department: 'Küche & Bad', filters: '' },
  keyId: 'sk_live_0a1b2c3d4e5f',
  issuedAt,
  expiresAt: issuedAt + 3_600,
};
const missingBytes = JSON_BYTES - Buffer.byteLength(JSON.stringify(bareToken));
const token = { ...bareToken, claims: { ...bareToken.claims, filters: 'f'.repeat(missingBytes) } };

const rawKey = randomBytes(32);
const sealing: SealingKeys = { sealWith: 'rk_1', keys: new Map([['rk_1', createSecretKey(rawKey)]]) };
const sealedFor: SealedFor = { typ: 'security-token', aud: 'widget-gate:000000000000:dev' };
const header = { alg: 'dir', enc: 'A256GCM', kid: 'rk_1', ...sealedFor };
const password = randomBytes(32).toString('base64url');
const [encoder, decoder] = [new TextEncoder(), new TextDecoder()];

const ourSeal = (): string => seal(JSON.stringify(token), sealing, sealedFor);
function ourOpen(text: string): unknown {
  const opened = open(text, sealing, sealedFor);
  return opened.ok ? JSON.parse(opened.value) : undefined;
}

const times =
  (call: () => unknown) =>
  (count: number): void => {
    for (let i = 0; i < count; i += 1) call();
  };
const awaitedTimes =
  (call: () => Promise<unknown>) =>
  async (count: number): Promise<void> => {
    for (let i = 0; i < count; i += 1) await call();
  };

/** Row 5: from an object to sealed text and back; jose's key is imported beforehand, iron has only passwords. */
export async function sealingRows(): Promise<Row[]> {
  const joseKey = await crypto.subtle.importKey('raw', rawKey, 'AES-GCM', false, ['encrypt', 'decrypt']);
  const joseSeal = (): Promise<string> =>
    new CompactEncrypt(encoder.encode(JSON.stringify(token))).setProtectedHeader(header).encrypt(joseKey);
  const joseOpen = async (text: string): Promise<unknown> =>
    JSON.parse(decoder.decode((await compactDecrypt(text, joseKey)).plaintext));
  const sealed = { ours: ourSeal(), jose: await joseSeal(), iron: await ironSeal(token, password, defaults) };
  const opened = [
    ourOpen(sealed.ours),
    ourOpen(sealed.jose),
    await joseOpen(sealed.ours),
    await ironUnseal(sealed.iron, password, defaults),
  ];
  if (opened.some((one) => JSON.stringify(one) !== JSON.stringify(token)))
    throw new Error('the benchmark does not open what it sealed');
  const medians = await interleave({
    seal: times(ourSeal),
    open: times(() => ourOpen(sealed.ours)),
    joseSeal: awaitedTimes(joseSeal),
    joseOpen: awaitedTimes(() => joseOpen(sealed.jose)),
    ironSeal: awaitedTimes(() => ironSeal(token, password, defaults)),
    ironOpen: awaitedTimes(() => ironUnseal(sealed.iron, password, defaults)),
  });
  const microseconds = (nanoseconds: number): string => `${(nanoseconds / 1_000).toFixed(2)} µs`;
  return [
    information(
      '5',
      `seal, open a security token of ${JSON_BYTES} B`,
      `${microseconds(medians.seal)}, ${microseconds(medians.open)}`,
    ),
    ratioAtLeast('5', 'jose JWE seal ÷ ours', medians.joseSeal / medians.seal, 6),
    ratioAtLeast('5', 'jose JWE open ÷ ours', medians.joseOpen / medians.open, 6),
    ratioAtLeast('5', '@hapi/iron seal ÷ ours', medians.ironSeal / medians.seal, 12),
    ratioAtLeast('5', '@hapi/iron unseal ÷ ours', medians.ironOpen / medians.open, 12),
  ];
}
