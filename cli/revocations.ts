import { limits } from '../lambda/contract/limits.ts';
import type { Command } from './command.ts';
import { wrongUsage } from './failure.ts';
import { moment } from './table.ts';
import { visible } from './visible.ts';

const KINDS = ['user', 'client', 'app'];

export const revocations: readonly Command[] = [
  {
    words: 'revocations add',
    operands: ['<user|client|app>', '<id>'],
    options: [],
    summary: 'refuse every security token and session of a user, a client or an app up to now',
    async run({ operands: [kind, id = ''], gate }) {
      if (!KINDS.includes(kind)) throw wrongUsage(`"revocations add" takes one of ${KINDS.join(', ')}.`);
      const answer = (await gate.ask('revoke-subject', { body: { kind, id } })) as { notBefore: number };
      return {
        json: { ok: true, ...answer },
        text: `Tokens and sessions of the ${kind} ${visible(id)} up to ${moment(answer.notBefore)} are refused, everywhere within ${limits.defaultBoundSeconds} s.`,
      };
    },
  },
];
