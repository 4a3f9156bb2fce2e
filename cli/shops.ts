import { randomUUID } from 'node:crypto';
import { type Command, shopIdOf } from './command.ts';
import { wrongUsage } from './failure.ts';
import { shopChange } from './shop-change.ts';
import { listShops } from './shop-list.ts';
import { reportShop } from './shop-report.ts';

/** A repeated call finds the shop made, but its key was told to the first one only. */
const KEY_LOST = '\n\nThe answer that told the API key was lost on its way: make a new one with "keys reset".';

const createShop: Command = {
  words: 'shops create',
  operands: ['<url>'],
  options: ['exact', 'origin', 'require-origin'],
  usage: '[--exact] [--origin O]… [--require-origin]',
  summary: 'create a shop and print its API key, this once',
  async run({ operands: [url], options, gate }) {
    const body = {
      url,
      exact: options.flag('exact'),
      origins: options.texts('origin'),
      requireOrigin: options.flag('require-origin'),
      // Has a call that is repeated make one shop.
      clientToken: randomUUID(),
    };
    const report = reportShop(await gate.ask('create-shop', { body }));
    const text = 'apiKey' in report.json ? report.text : `${report.text}${KEY_LOST}`;
    return { ...report, text };
  },
};

const showShop: Command = {
  words: 'shops show',
  operands: ['<shopId>'],
  options: [],
  summary: 'show a shop',
  run: async ({ operands: [shopId], gate }) =>
    reportShop(await gate.ask('show-shop', { path: { shopId: shopIdOf(shopId) } })),
};

/** A command that sets one switch of a shop. */
const setSwitch = (words: string, summary: string, switches: object): Command =>
  shopChange({ words, action: 'set-switches', summary, body: () => switches });

export const shops: readonly Command[] = [
  createShop,
  listShops,
  showShop,
  setSwitch('shops disable', 'refuse every call of a shop', { disabled: true }),
  setSwitch('shops enable', 'accept its calls again', { disabled: false }),
  setSwitch('shops pause', 'issue no new tokens to a shop; those it has go on', { issuingPaused: true }),
  setSwitch('shops resume', 'issue tokens again', { issuingPaused: false }),
  shopChange({
    words: 'shops require-origin',
    action: 'set-switches',
    operands: ['on|off'],
    summary: 'refuse calls without an Origin header, or accept them',
    body([setting]) {
      if (setting !== 'on' && setting !== 'off') throw wrongUsage('"shops require-origin" takes on or off.');
      return { requireOrigin: setting === 'on' };
    },
  }),
];
