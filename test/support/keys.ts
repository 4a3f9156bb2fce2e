import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type HmacKey, prepareHmacKey } from '#lambda/crypto/hmac.ts';

export const hmacKeyOf = (text: string): HmacKey => prepareHmacKey(Buffer.from(text, 'utf8'));

export interface TokenVectors {
  readonly key: string;
  readonly timestamp: number;
  readonly cases: readonly { readonly shopId: string; readonly hmacHex: string; readonly token: string }[];
}

/** Known answers made with three other implementations. */
export const tokenVectors = (): TokenVectors =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../vectors/widget-token.json'), 'utf8')) as TokenVectors;
