import { type Command, shopIdOf } from './command.ts';
import { shopChange } from './shop-change.ts';
import { table } from './table.ts';

const testOrigin: Command = {
  words: 'origins test',
  operands: ['<shopId>', '<origin>'],
  options: [],
  summary: 'tell whether pages of an origin may use the widget, by the shop’s list or the stage’s',
  async run({ operands: [shopId, origin], gate }) {
    const answer = await gate.ask('test-origin', { path: { shopId: shopIdOf(shopId) }, body: { origin } });
    return { json: { ok: true, ...answer }, text: table([['allowed', answer.allowed === true ? 'yes' : 'no']]) };
  },
};

export const origins: readonly Command[] = [
  shopChange({
    words: 'origins add',
    action: 'add-origins',
    operands: ['<origin>…'],
    summary: 'let pages of these origins use the widget',
    body: (added) => ({ origins: added }),
  }),
  shopChange({
    words: 'origins remove',
    action: 'remove-origins',
    operands: ['<origin>…'],
    summary: 'no longer let them',
    body: (removed) => ({ origins: removed }),
  }),
  testOrigin,
];
