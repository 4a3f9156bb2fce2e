import { detailsOf } from '../audit-entries.ts';
import type { Command } from '../command.ts';
import { wrongUsage } from '../failure.ts';
import { table } from '../table.ts';

/** Explains why one call was refused, by the request id in its response. */
export const explain: readonly Command[] = [
  {
    words: 'explain',
    operands: ['<requestId>'],
    options: [],
    summary: 'show the result of a call of the last 7 days, and what to do, by its request id',
    async run({ operands: [requestId], gate }) {
      if (!/^[\w-]{1,64}$/.test(requestId)) throw wrongUsage('A request id consists of letters, digits, _ and -.');
      const answer = await gate.ask('explain-request', { requestId });
      const { entry, origin, why, remedy } = answer;
      const rows = [
        ...detailsOf({ ...entry, requestId }),
        ...(origin === undefined ? [] : [['origin', origin]]),
        ...(why === undefined ? [] : [['why', why]]),
        ...(remedy === undefined ? [] : [['remedy', remedy]]),
      ];
      return { json: { ok: true, ...answer }, text: table(rows) };
    },
  },
];
