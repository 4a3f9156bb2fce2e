import { createRequire } from 'node:module';
import { join } from 'node:path';
import { prepareHmacKey } from '#lambda/crypto/hmac.ts';
import {
  checkWidgetTokenTime,
  hasValidMac,
  mintWidgetToken,
  parseWidgetToken,
} from '#lambda/widget-tokens/widget-token.ts';
import { authorizerEvent, type BenchGate, environmentOf, functionNamed } from '../rigs/bench-gate.ts';
import { interleave } from './interleave.ts';
import { type Row, valueAtMost } from './report.ts';

/** Row 6: the bundle of the authorizer, whole and warm, beside the bare verification of the same token. */
export async function handlerRows(gate: BenchGate): Promise<Row[]> {
  const authorizer = functionNamed(gate, 'WidgetAuthorizer');
  Object.assign(process.env, environmentOf(gate, authorizer));
  const { handler } = createRequire(join(authorizer.assetDirectory, '/'))('./index.js') as {
    handler: (event: object) => Promise<object>;
  };
  const hmacKey = prepareHmacKey(Buffer.from(gate.shop.apiKey));
  const now = Math.floor(Date.now() / 1_000);
  const token = mintWidgetToken(gate.shop.shopId, now, hmacKey);
  const event = authorizerEvent(token);
  const verify = (): boolean => {
    const claims = parseWidgetToken(token);
    return claims !== undefined && checkWidgetTokenTime(claims.issuedAt, now) === 'ok' && hasValidMac(claims, hmacKey);
  };
  if (!JSON.stringify(await handler(event)).includes('"Allow"') || !verify())
    throw new Error('the handler does not allow what it should');
  const { whole, bare } = await interleave({
    whole: async (times: number) => {
      for (let i = 0; i < times; i += 1) await handler(event);
    },
    bare: (times: number) => {
      for (let i = 0; i < times; i += 1) verify();
    },
  });
  return [
    valueAtMost('6', 'whole authorizer handler, warm', whole / 1_000, 3, ' µs'),
    valueAtMost('6', 'whole authorizer handler ÷ bare verify', whole / bare, 3, '×'),
  ];
}
