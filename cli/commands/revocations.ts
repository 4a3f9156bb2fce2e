import type { RequestOf } from '#contract/admin-api.ts';
import { limits } from '#contract/limits.ts';
import type { Command } from '../command.ts';
import { wrongUsage } from '../failure.ts';
import { visible } from '../output.ts';
import { moment } from '../table.ts';

type Kind = RequestOf<'revoke-subject'>['kind'];
const KINDS: readonly string[] = ['user', 'client', 'app'] satisfies Kind[];

export const revocations: readonly Command[] = [
  {
    words: 'revocations add',
    operands: ['<user|client|app>', '<id>'],
    options: [],
    summary: 'refuse every security token and session of a user, a client or an app up to now',
    async run({ operands: [kind, id = ''], gate }) {
      if (!KINDS.includes(kind)) throw wrongUsage(`"revocations add" requires one of ${KINDS.join(', ')}.`);
      const answer = await gate.ask('revoke-subject', { kind: kind as Kind, id });
      return {
        json: { ok: true, ...answer },
        text: `Tokens and sessions of the ${kind} ${visible(id)} up to ${moment(answer.notBefore)} are refused, everywhere within ${limits.defaultBoundSeconds} s.`,
      };
    },
  },
];
