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
    summary: 'show the faults that the local gate injects into AWS calls',
    run: async ({ local }) => report(await local.faults()),
  },
  {
    words: 'faults set',
    operands: ['<spec>'],
    options: [],
    isLocal: true,
    summary: 'inject faults into AWS calls, e.g. "dynamodb:throttle=0.3,delay=80ms;secretsmanager:hang"; "" ends them',
    run: async ({ operands: [spec], local }) => report(await local.setFaults(spec)),
  },
];
