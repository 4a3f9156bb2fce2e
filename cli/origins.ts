import { ask, type Command, shopIdOf } from './command.ts';
import { shopChange } from './shop-change.ts';
import { table } from './table.ts';

const testOrigin: Command = {
  words: 'origins test',
  operands: ['<shopId>', '<origin>'],
  options: [],
  summary: 'tell whether pages of an origin may use the widget, by the shop’s list or the stage’s',
  async run({ operands: [shopId, origin], gate }) {
    const answer = await ask(gate, { action: 'test-origin', shopId: shopIdOf(shopId), origin });
    return { json: answer, text: table([['allowed', answer.allowed === true ? 'yes' : 'no']]) };
  },
};

export const origins: readonly Command[] = [
  shopChange({
    words: 'origins add',
    operands: ['<origin>…'],
    summary: 'let pages of these origins use the widget',
    request: (added) => ({ action: 'add-origins', origins: added }),
  }),
  shopChange({
    words: 'origins remove',
    operands: ['<origin>…'],
    summary: 'no longer let them',
    request: (removed) => ({ action: 'remove-origins', origins: removed }),
  }),
  testOrigin,
];
