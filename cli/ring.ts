import type { Command } from './command.ts';

export const ring: readonly Command[] = [
  {
    words: 'ring rotate',
    operands: [],
    options: [],
    summary:
      'give the local gate’s sealing ring a new key and seal every shop anew; on AWS: aws secretsmanager rotate-secret',
    run: async ({ gate }) => {
      await gate.rotateRing();
      return { json: { ok: true }, text: 'The ring has a new key, and every shop is sealed with it.' };
    },
  },
];
