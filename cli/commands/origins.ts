import { type Command, shopIdOf } from '../command.ts';
import { shopChange } from '../shop-report.ts';
import { table } from '../table.ts';

const testOrigin: Command = {
  words: 'origins test',
  operands: ['<shopId>', '<origin>'],
  options: [],
  summary: 'show whether pages of an origin or address may use the widget',
  async run({ operands: [shopId, origin = ''], gate }) {
    const answer = await gate.ask('test-origin', { shopId: shopIdOf(shopId), origin });
    const rows = [
      ['origin', answer.origin],
      ['allowed', answer.allowed ? 'yes' : 'no'],
    ];
    return { json: { ok: true, ...answer }, text: table(rows) };
  },
};

export const origins: readonly Command[] = [
  shopChange({
    words: 'origins add',
    action: 'add-origins',
    operands: ['<origin>…'],
    options: ['app-origins'],
    usage: '[--app-origins]',
    summary: 'allow these origins; --app-origins: also those of apps, such as capacitor://localhost',
    members: (added, options) => ({ origins: added, ...(options.flag('app-origins') && { app: true }) }),
  }),
  shopChange({
    words: 'origins remove',
    action: 'remove-origins',
    operands: ['<origin>…'],
    summary: 'remove allowed origins',
    members: (removed) => ({ origins: removed }),
  }),
  testOrigin,
];
