import { createSecretKey } from 'node:crypto';
import { createSigner, createVerifier } from 'fast-jwt';
import { jwtVerify } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import { generateApiKey } from '#lambda/crypto/api-key.ts';
import { type HmacKey, prepareHmacKey } from '#lambda/crypto/hmac.ts';
import { generateShopId } from '#lambda/shops/shop-id.ts';
import {
  checkWidgetTokenTime,
  hasValidMac,
  mintWidgetToken,
  parseWidgetToken,
} from '#lambda/widget-tokens/widget-token.ts';
import { interleave } from './interleave.ts';
import { information, type Row, ratioAtLeast, valueAtMost } from './report.ts';

const SHOPS = 64;
const now = Math.floor(Date.now() / 1_000);

interface BenchShop {
  readonly shopId: string;
  readonly apiKey: string;
  readonly hmacKey: HmacKey;
}

const shops: BenchShop[] = Array.from({ length: SHOPS }, () => {
  const apiKey = generateApiKey('sk', 'test').text;
  return { shopId: generateShopId(), apiKey, hmacKey: prepareHmacKey(Buffer.from(apiKey)) };
});
const byId = new Map(shops.map((shop) => [shop.shopId, shop]));

/** The whole check: decode, parse, time, key look-up, compare. */
function verify(token: string): boolean {
  const claims = parseWidgetToken(token);
  if (claims === undefined || checkWidgetTokenTime(claims.issuedAt, now) !== 'ok') return false;
  return hasValidMac(claims, byId.get(claims.shopId)?.hmacKey);
}

const spoil = (token: string): string => {
  const at = token.length - 20;
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
};

const tokens = shops.map(({ shopId, hmacKey }) => mintWidgetToken(shopId, now, hmacKey));
// Bad but canonical: one hex digit of the MAC is another.
const badTokens = tokens.map((token) => {
  const text = Buffer.from(token, 'base64').toString();
  return Buffer.from(text.slice(0, -1) + (text.endsWith('0') ? '1' : '0')).toString('base64');
});

/** The peers do the same job as JWTs with the same claims; each shop's verifier is made once and picked by index, which is in their favor. */
const payload = ({ shopId }: BenchShop) => ({ sub: shopId, iat: now, exp: now + 86_400 });
const signers = shops.map(({ apiKey }) => createSigner({ key: apiKey, algorithm: 'HS256' }));
const jwts = shops.map((shop, at) => (signers[at] as (claims: object) => string)(payload(shop)));
const badJwts = jwts.map(spoil);
const verifiers = shops.map(({ apiKey }) => createVerifier({ key: apiKey, algorithms: ['HS256'], cache: false }));
const keyObjects = shops.map(({ apiKey }) => createSecretKey(Buffer.from(apiKey)));

const loop =
  (call: (at: number) => unknown) =>
  (times: number): void => {
    for (let i = 0; i < times; i += 1) call(i % SHOPS);
  };

function refusedByFastJwt(at: number): boolean {
  try {
    (verifiers[at] as (token: string) => unknown)(badJwts[at] as string);
    return false;
  } catch {
    return true;
  }
}

function checkContestants(): void {
  if (!tokens.every(verify) || badTokens.some(verify)) throw new Error('the benchmark does not verify what it should');
  if (!shops.every((_shop, at) => refusedByFastJwt(at))) throw new Error('fast-jwt does not refuse what it should');
}

export async function tokenRows(): Promise<Row[]> {
  checkContestants();
  const medians = await interleave({
    verify: loop((at) => verify(tokens[at] as string)),
    refuse: loop((at) => verify(badTokens[at] as string)),
    mint: loop((at) => mintWidgetToken((shops[at] as BenchShop).shopId, now, (shops[at] as BenchShop).hmacKey)),
    fastJwtVerify: loop((at) => (verifiers[at] as (token: string) => unknown)(jwts[at] as string)),
    fastJwtRefuse: loop(refusedByFastJwt),
    fastJwtSign: loop((at) => (signers[at] as (claims: object) => string)(payload(shops[at] as BenchShop))),
    jsonwebtoken: loop((at) =>
      jsonwebtoken.verify(jwts[at] as string, keyObjects[at] as never, { algorithms: ['HS256'] }),
    ),
    jose: async (times: number) => {
      for (let i = 0; i < times; i += 1) await jwtVerify(jwts[i % SHOPS] as string, keyObjects[i % SHOPS] as never);
    },
  });
  return [
    information('1', 'verify a widget token', `${(medians.verify / 1_000).toFixed(2)} µs`),
    ratioAtLeast('1', 'fast-jwt verify ÷ ours', medians.fastJwtVerify / medians.verify, 2.5),
    ratioAtLeast('2', 'jsonwebtoken verify (KeyObject) ÷ ours', medians.jsonwebtoken / medians.verify, 3.5),
    ratioAtLeast('2', 'jose verify ÷ ours', medians.jose / medians.verify, 12),
    ratioAtLeast('3', 'fast-jwt sign ÷ our mint', medians.fastJwtSign / medians.mint, 2.5),
    ratioAtLeast('4', 'fast-jwt refuse ÷ our refuse', medians.fastJwtRefuse / medians.refuse, 8),
    valueAtMost('4', 'our refuse ÷ our accept', medians.refuse / medians.verify, 1.1, '×'),
  ];
}
