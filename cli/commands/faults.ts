import type { Command, Report } from '../command.ts';
import { visible } from '../output.ts';

const report = (faults: string): Report => ({
  json: { ok: true, faults },
  text: faults === '' ? 'no faults' : visible(faults),
});

export const faults: readonly Command[] = [
  {
    words: 'faults show',
    operands: [],
    options: [],
    isLocal: true,
    summary: 'show what the local gate makes AWS do wrong',
    run: async ({ local }) => report(await local.faults()),
  },
  {
    words: 'faults set',
    operands: ['<spec>'],
    options: [],
    isLocal: true,
    summary: 'make AWS fail from now on, e.g. "dynamodb:throttle=0.3,delay=80ms;secretsmanager:hang"; "" ends it',
    run: async ({ operands: [spec], local }) => report(await local.setFaults(spec)),
  },
];
