import { ask, type Command, shopIdOf } from './command.ts';
import { wrongUsage } from './failure.ts';
import { shopChange } from './shop-change.ts';
import { listShops } from './shop-list.ts';
import { reportShop } from './shop-report.ts';

const createShop: Command = {
  words: 'shops create',
  operands: ['<url>'],
  options: ['exact', 'origin', 'require-origin'],
  usage: '[--exact] [--origin O]… [--require-origin]',
  summary: 'create a shop and print its API key, this once',
  async run({ operands: [url], options, gate }) {
    const request = {
      action: 'create-shop',
      url,
      exact: options.flag('exact'),
      origins: options.texts('origin'),
      requireOrigin: options.flag('require-origin'),
    };
    return reportShop(await ask(gate, request));
  },
};

const showShop: Command = {
  words: 'shops show',
  operands: ['<shopId>'],
  options: [],
  summary: 'show a shop',
  run: async ({ operands: [shopId], gate }) =>
    reportShop(await ask(gate, { action: 'show-shop', shopId: shopIdOf(shopId) })),
};

/** A command that sets one switch of a shop. */
const setSwitch = (words: Command['words'], summary: string, switches: object): Command =>
  shopChange({ words, summary, request: () => ({ action: 'set-switches', switches }) });

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
    operands: ['on|off'],
    summary: 'refuse calls without an Origin header, or accept them',
    request([setting]) {
      if (setting !== 'on' && setting !== 'off') throw wrongUsage('"shops require-origin" takes on or off.');
      return { action: 'set-switches', switches: { requireOrigin: setting === 'on' } };
    },
  }),
];
