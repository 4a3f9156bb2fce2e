import type { Command } from './command.ts';

export const ring: readonly Command[] = [
  {
    words: 'ring rotate',
    operands: [],
    options: [],
    isLocal: true,
    summary:
      'give the local gate’s sealing ring a new key and seal every shop anew; on AWS: aws secretsmanager rotate-secret',
    run: async ({ local }) => {
      await local.rotateRing();
      return { json: { ok: true }, text: 'The ring has a new key, and every shop is sealed with it.' };
    },
  },
];
