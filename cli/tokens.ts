import { headers } from '../lambda/contract/headers.ts';
import { type Command, shopIdOf } from './command.ts';
import { refused, wrongUsage } from './failure.ts';
import { callHttp, type HttpAnswer } from './http-call.ts';
import { readSecretLine, readShopKey, shopKeyFromEnvironment } from './secrets.ts';
import { shopChange } from './shop-change.ts';
import { moment, table } from './table.ts';
import type { Transport } from './transport.ts';

const mintToken: Command = {
  words: 'tokens mint',
  operands: ['<shopId>'],
  options: [],
  summary: 'issue a widget token; the shop’s key comes from WIDGET_GATE_SHOP_API_KEY or stdin',
  async run({ operands: [shopId], gate }) {
    const path = tokenPath(shopId);
    const { json, headers: answered } = await post(gate, path, await readShopKey());
    const lifeSeconds = Number(answered[headers.widgetTokenExpiresIn.toLowerCase()]?.[0]);
    const expiresAt = Math.floor(Date.now() / 1_000) + lifeSeconds;
    const token = String(json.token);
    return {
      json: { ok: true, token, expiresAt },
      text: table([
        ['token', token],
        ['expires', moment(expiresAt)],
      ]),
    };
  },
};

const inspectToken: Command = {
  words: 'tokens inspect',
  operands: ['<shopId>'],
  options: ['origin'],
  usage: '[--origin O]',
  summary: 'tell why a token is or is not accepted; the key comes from WIDGET_GATE_SHOP_API_KEY, the token from stdin',
  async run({ operands: [shopId], options, gate }) {
    const path = `${tokenPath(shopId)}/inspect`;
    const [origin, ...more] = options.texts('origin');
    if (more.length > 0) throw wrongUsage('"tokens inspect" takes one --origin.');
    const key = shopKeyFromEnvironment();
    const token = await readSecretLine('the widget token');
    const { json } = await post(gate, path, key, { token, ...(origin !== undefined && { origin }) });
    const { valid, reason, issuedAt, expiresAt, keyId } = json;
    const rows = [
      ['valid', valid === true ? 'yes' : 'no'],
      ['reason', String(reason)],
      ...(typeof issuedAt === 'number' ? [['issued', moment(issuedAt)]] : []),
      ...(typeof expiresAt === 'number' ? [['expires', moment(expiresAt)]] : []),
      ...(typeof keyId === 'string' ? [['key', keyId]] : []),
    ];
    return { json: { ok: true, ...json }, text: table(rows) };
  },
};

const tokenPath = (shopId: string): string => `/api/shops/${shopIdOf(shopId)}/widget-token`;

async function post(gate: Transport, path: string, apiKey: string, body?: object): Promise<HttpAnswer> {
  if (!/^[\x21-\x7e]+$/.test(apiKey)) throw wrongUsage('The API key has characters that no key has.');
  const call = { method: 'POST', headers: { [headers.shopApiKey]: apiKey }, ...(body !== undefined && { body }) };
  const answer = await callHttp(gate.baseUrl + path, call);
  if (answer.status === 200) return answer;
  throw refused(String(answer.json.code ?? 'failed'), String(answer.json.message ?? `status ${answer.status}`));
}

export const tokens: readonly Command[] = [
  mintToken,
  inspectToken,
  shopChange({
    words: 'tokens revoke',
    summary: 'refuse every token of a shop stamped up to now',
    request: () => ({ action: 'revoke-tokens' }),
  }),
  shopChange({
    words: 'tokens undo',
    summary: 'take the last revocation back',
    request: () => ({ action: 'undo-revoke-tokens' }),
  }),
];
