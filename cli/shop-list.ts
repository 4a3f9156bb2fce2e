import { limits } from '../lambda/contract/limits.ts';
import { ask, type Command, type Report } from './command.ts';
import { type ShopView, stateOf } from './shop-report.ts';
import { moment, table } from './table.ts';
import type { Transport } from './transport.ts';

type Listed = ShopView | { readonly shopId: string; readonly corrupt: true };

interface Page {
  readonly shops: readonly Listed[];
  readonly cursor?: string;
}

export const listShops: Command = {
  words: 'shops list',
  operands: [],
  options: ['limit', 'cursor', 'all'],
  usage: '[--limit N] [--cursor C] [--all]',
  summary: 'list shops, 50 or N at a time from where a list before ended, or all of them',
  async run({ options, gate }) {
    const limit = options.number('limit', 1, limits.maxShopsPerPage);
    const request = { action: 'list-shops', ...(limit !== undefined && { limit }) };
    const first = await readPage(gate, request, options.text('cursor'));
    return report(options.flag('all') ? await readRest(gate, request, first) : first);
  },
};

const readPage = async (gate: Transport, request: object, cursor: string | undefined): Promise<Page> =>
  (await ask(gate, { ...request, ...(cursor !== undefined && { cursor }) })) as unknown as Page;

async function readRest(gate: Transport, request: object, first: Page): Promise<Page> {
  const shops = [...first.shops];
  let { cursor } = first;
  while (cursor !== undefined) {
    const page = await readPage(gate, request, cursor);
    shops.push(...page.shops);
    cursor = page.cursor;
  }
  return { shops };
}

function report({ shops, cursor }: Page): Report {
  const text = table([['SHOP', 'URL', 'STATE', 'CREATED'], ...shops.map(rowOf)]);
  const more = cursor === undefined ? '' : `\n\nThere are more: --cursor ${cursor}, or --all.`;
  return { json: { ok: true, shops, ...(cursor !== undefined && { cursor }) }, text: text + more };
}

const rowOf = (shop: Listed): string[] =>
  'corrupt' in shop
    ? [shop.shopId, '', 'corrupt record']
    : [shop.shopId, shop.url, stateOf(shop), moment(shop.createdAt)];
