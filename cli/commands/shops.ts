import { randomUUID } from 'node:crypto';
import type { AnswerOf, RequestOf } from '#contract/admin-api.ts';
import { limits } from '#contract/limits.ts';
import type { AdminGate } from '../admin-gate.ts';
import { type Command, type Report, shopIdOf } from '../command.ts';
import { wrongUsage } from '../failure.ts';
import { visible } from '../output.ts';
import { reportShop, shopChange, stateOf } from '../shop-report.ts';
import { moment, table } from '../table.ts';

type Page = AnswerOf<'list-shops'>;
type Query = RequestOf<'list-shops'>;

const listShops: Command = {
  words: 'shops list',
  operands: [],
  options: ['limit', 'cursor', 'all'],
  usage: '[--limit N] [--cursor C] [--all]',
  summary: 'list shops: 50 or N, from the cursor that an earlier list printed, or all of them',
  async run({ options, gate }) {
    const limit = options.number('limit', 1, limits.maxShopsPerPage);
    const query = limit === undefined ? {} : { limit };
    const first = await readPage(gate, query, options.text('cursor'));
    return report(options.flag('all') ? await readRest(gate, query, first) : first);
  },
};

const readPage = (gate: AdminGate, query: Query, cursor: string | undefined): Promise<Page> =>
  gate.ask('list-shops', { ...query, ...(cursor !== undefined && { cursor }) });

async function readRest(gate: AdminGate, query: Query, first: Page): Promise<Page> {
  const shops = [...first.shops];
  let { cursor } = first;
  while (cursor !== undefined) {
    const page = await readPage(gate, query, cursor);
    shops.push(...page.shops);
    cursor = page.cursor;
  }
  return { shops };
}

function report({ shops, cursor }: Page): Report {
  const text = table([['SHOP', 'NAME', 'URL', 'STATE', 'CREATED'], ...shops.map(rowOf)]);
  const more = cursor === undefined ? '' : `\n\nThere are more: --cursor ${visible(cursor)}, or --all.`;
  return { json: { ok: true, shops, ...(cursor !== undefined && { cursor }) }, text: text + more };
}

const rowOf = (shop: Page['shops'][number]): string[] =>
  'corrupt' in shop
    ? [shop.shopId, '', '', 'corrupt record']
    : [shop.shopId, shop.name ?? '', shop.url, stateOf(shop), moment(shop.createdAt)];

/** A repeated call finds the shop created, but only the response to the first one had its key. */
const KEY_LOST = '\n\nThe response with the API key was lost on its way. Create a new key with "keys reset".';

const createShop: Command = {
  words: 'shops create',
  operands: ['<url>'],
  options: ['name', 'exact', 'origin', 'app-origins', 'require-origin'],
  usage: '[--name N] [--exact] [--origin O]… [--app-origins] [--require-origin]',
  summary: 'create a shop and print its API key once',
  async run({ operands: [url], options, gate }) {
    const name = options.text('name');
    const shop = {
      ...(name !== undefined && { name }),
      url,
      exact: options.flag('exact'),
      origins: options.texts('origin'),
      ...(options.flag('app-origins') && { app: true }),
      requireOrigin: options.flag('require-origin'),
      // Ensures that a repeated call creates only one shop.
      clientToken: randomUUID(),
    };
    const report = reportShop(await gate.ask('create-shop', shop));
    const text = 'apiKey' in report.json ? report.text : `${report.text}${KEY_LOST}`;
    return { ...report, text };
  },
};

const showShop: Command = {
  words: 'shops show',
  operands: ['<shopId>'],
  options: [],
  summary: 'show a shop',
  run: async ({ operands: [shopId], gate }) => reportShop(await gate.ask('show-shop', { shopId: shopIdOf(shopId) })),
};

const deleteShop: Command = {
  words: 'shops delete',
  operands: ['<shopId>'],
  options: ['expected-version'],
  summary: 'delete a shop that has been disabled for 24 hours',
  async run({ operands: [text], options, gate }) {
    const shopId = shopIdOf(text);
    const expectedVersion = options.number('expected-version', 1, Number.MAX_SAFE_INTEGER);
    await gate.ask('delete-shop', { shopId }, expectedVersion);
    return { json: { ok: true, shopId }, text: `The shop ${shopId} is deleted.` };
  },
};

/** A command that sets one switch of a shop. */
const setSwitch = (words: string, summary: string, switches: RequestOf<'set-switches'>): Command =>
  shopChange({ words, action: 'set-switches', summary, members: () => switches });

export const shops: readonly Command[] = [
  createShop,
  listShops,
  showShop,
  shopChange({
    words: 'shops rename',
    action: 'set-switches',
    operands: ['<name>'],
    summary: 'set the display name of a shop',
    members: ([name = '']) => ({ name }),
  }),
  shopChange({
    words: 'shops set-url',
    action: 'set-switches',
    operands: ['<url>'],
    options: ['move-origins', 'exact'],
    usage: '[--move-origins [--exact]]',
    summary: 'change the URL of a shop; --move-origins: replace the origins of the old URL with those of the new',
    members: ([url = ''], options) => ({
      url,
      ...(options.flag('move-origins') && { moveOrigins: true }),
      ...(options.flag('exact') && { exact: true }),
    }),
  }),
  setSwitch('shops disable', 'refuse every call of a shop', { disabled: true }),
  setSwitch('shops enable', 'accept its calls again', { disabled: false }),
  setSwitch('shops pause', 'stop issuing tokens to a shop; its existing tokens stay valid', { issuingPaused: true }),
  setSwitch('shops resume', 'issue tokens again', { issuingPaused: false }),
  shopChange({
    words: 'shops require-origin',
    action: 'set-switches',
    operands: ['on|off'],
    summary: 'refuse calls without an Origin header, or accept them',
    members([setting]) {
      if (setting !== 'on' && setting !== 'off') throw wrongUsage('"shops require-origin" requires on or off.');
      return { requireOrigin: setting === 'on' };
    },
  }),
  deleteShop,
];
