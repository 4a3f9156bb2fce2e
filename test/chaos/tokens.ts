import { createHmac } from 'node:crypto';

/** Widget tokens by their published definition, with Node's own HMAC: `base64(shopId:seconds:hex)`. */
export function makeToken(shopId: string, issuedAt: number, apiKey: string): string {
  const signed = `${shopId}:${issuedAt}`;
  return Buffer.from(`${signed}:${macOf(signed, apiKey)}`).toString('base64');
}

/** One hex digit of the MAC is another: canonical, but nobody's. */
export function tampered(token: string): string {
  const text = Buffer.from(token, 'base64').toString();
  return Buffer.from(text.slice(0, -1) + (text.endsWith('0') ? '1' : '0')).toString('base64');
}

/** What a token says when `apiKey` made it; undefined when it didn't. */
export function readToken(token: string, apiKey: string): { shopId: string; issuedAt: number } | undefined {
  const [shopId = '', issuedAt = '', mac] = Buffer.from(token, 'base64').toString().split(':');
  return mac === macOf(`${shopId}:${issuedAt}`, apiKey) ? { shopId, issuedAt: Number(issuedAt) } : undefined;
}

const macOf = (signed: string, apiKey: string): string => createHmac('sha256', apiKey).update(signed).digest('hex');
