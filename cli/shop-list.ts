import { limits } from '../lambda/contract/limits.ts';
import type { Command, Report } from './command.ts';
import { type ShopView, stateOf } from './shop-report.ts';
import { moment, table } from './table.ts';
import type { AdminGate } from './transport.ts';
import { visible } from './visible.ts';

type Listed = ShopView | { readonly shopId: string; readonly corrupt: true };

interface Page {
  readonly shops: readonly Listed[];
  readonly cursor?: string;
}

type Query = Readonly<Record<string, string>>;

export const listShops: Command = {
  words: 'shops list',
  operands: [],
  options: ['limit', 'cursor', 'all'],
  usage: '[--limit N] [--cursor C] [--all]',
  summary: 'list shops: 50 or N, from the cursor that an earlier list printed, or all of them',
  async run({ options, gate }) {
    const limit = options.number('limit', 1, limits.maxShopsPerPage);
    const query = limit === undefined ? {} : { limit: String(limit) };
    const first = await readPage(gate, query, options.text('cursor'));
    return report(options.flag('all') ? await readRest(gate, query, first) : first);
  },
};

const readPage = async (gate: AdminGate, query: Query, cursor: string | undefined): Promise<Page> =>
  (await gate.ask('list-shops', { query: { ...query, ...(cursor !== undefined && { cursor }) } })) as unknown as Page;

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

const rowOf = (shop: Listed): string[] =>
  'corrupt' in shop
    ? [shop.shopId, '', '', 'corrupt record']
    : [shop.shopId, shop.name ?? '', shop.url, stateOf(shop), moment(shop.createdAt)];
