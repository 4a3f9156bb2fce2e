import { headers } from '#contract/headers.ts';
import type { AdminGate, Answer } from '../admin-gate.ts';
import { type Command, onlyOrigin, type Report, shopIdOf } from '../command.ts';
import { wrongUsage } from '../failure.ts';
import { callHttp, type HttpAnswer, refusalOf, repeatWhileBusy } from '../http-call.ts';
import { readShopKey, readToken, shopKeyFromEnvironment } from '../secrets.ts';
import { shopChange } from '../shop-report.ts';
import { moment, table } from '../table.ts';

const mintToken: Command = {
  words: 'tokens mint',
  operands: ['<shopId>'],
  options: [],
  summary:
    "issue a widget token, and print only the token if stdout is not a terminal; the shop's key is read from WIDGET_GATE_SHOP_API_KEY or stdin",
  async run({ operands: [shopId], gate }) {
    const { token, expiresAt } = await issueWidgetToken(gate, shopIdOf(shopId), await readShopKey());
    return {
      json: { ok: true, token, expiresAt },
      text: table([
        ['token', token],
        ['expires', moment(expiresAt)],
      ]),
      bare: token,
    };
  },
};

const inspectToken: Command = {
  words: 'tokens inspect',
  operands: ['<shopId>'],
  options: ['origin'],
  usage: '[--origin O]',
  summary:
    'show why a token is accepted or refused; the key is read from WIDGET_GATE_SHOP_API_KEY, the token from stdin',
  async run({ operands: [shopId], options, gate }) {
    const [path, origin] = [`${tokenPath(shopId)}/inspect`, onlyOrigin(options)];
    const key = shopKeyFromEnvironment();
    return reportToken((await post(gate, path, key, { token: await readToken(), ...origin })).json);
  },
};

const explainToken: Command = {
  words: 'tokens explain',
  operands: ['<shopId>'],
  options: ['origin'],
  usage: '[--origin O]',
  summary: 'show an administrator why a token is accepted or refused, and what to do; the token is read from stdin',
  async run({ operands: [shopId], options, gate }) {
    const origin = onlyOrigin(options);
    const token = await readToken();
    return reportToken(await gate.ask('explain-token', { shopId: shopIdOf(shopId), token, ...origin }));
  },
};

function reportToken(answer: Answer): Report {
  const { valid, reason, hint, issuedAt, expiresAt, keyId, why, remedy } = answer;
  const rows = [
    ['valid', valid === true ? 'yes' : 'no'],
    ['reason', String(reason)],
    ...(typeof hint === 'string' ? [['', hint]] : []),
    ...(typeof why === 'string' ? [['', why]] : []),
    ...(typeof remedy === 'string' ? [['', remedy]] : []),
    ...(typeof issuedAt === 'number' ? [['issued', moment(issuedAt)]] : []),
    ...(typeof expiresAt === 'number' ? [['expires', moment(expiresAt)]] : []),
    ...(typeof keyId === 'string' ? [['key', keyId]] : []),
  ];
  return { json: { ok: true, ...answer }, text: table(rows) };
}

/** A token of a shop, and its end in Unix seconds. Throws `CliFailure`. */
export async function issueWidgetToken(
  gate: AdminGate,
  shopId: string,
  apiKey: string,
): Promise<{ readonly token: string; readonly expiresAt: number }> {
  const { json, headers: answered } = await post(gate, tokenPath(shopId), apiKey);
  const lifeSeconds = Number(answered[headers.widgetTokenExpiresIn.toLowerCase()]?.[0]);
  return { token: String(json.token), expiresAt: Math.floor(Date.now() / 1_000) + lifeSeconds };
}

const tokenPath = (shopId: string): string => `/api/shops/${shopIdOf(shopId)}/widget-token`;

async function post(gate: AdminGate, path: string, apiKey: string, body?: object): Promise<HttpAnswer> {
  if (!/^[\x21-\x7e]+$/.test(apiKey))
    throw wrongUsage('The API key contains characters that no API key contains; copy it again.');
  const call = { method: 'POST', headers: { [headers.shopApiKey]: apiKey }, ...(body !== undefined && { body }) };
  const answer = await repeatWhileBusy(() => callHttp(gate.baseUrl + path, call));
  if (answer.status === 200) return answer;
  throw refusalOf(answer, gate.baseUrl);
}

export const tokens: readonly Command[] = [
  mintToken,
  inspectToken,
  explainToken,
  shopChange({
    words: 'tokens revoke',
    action: 'revoke-tokens',
    summary: 'refuse every token of a shop issued up to now',
  }),
  shopChange({
    words: 'tokens undo',
    action: 'undo-revoke-tokens',
    summary: 'undo the last revocation',
  }),
];
