import type { Command } from '../command.ts';

export const ring: readonly Command[] = [
  {
    words: 'ring rotate',
    operands: [],
    options: [],
    isLocal: true,
    summary:
      "add a key to the local gate's sealing ring and reseal every shop; on AWS: aws secretsmanager rotate-secret",
    run: async ({ local }) => {
      await local.rotateRing();
      return { json: { ok: true }, text: 'The ring has a new key, and every shop is sealed with it.' };
    },
  },
  {
    words: 'ring drop-old',
    operands: [],
    options: [],
    isLocal: true,
    summary:
      "after a leak, 6 minutes after a rotation: drop every other key of the local gate's ring, with all tokens and sessions that those keys sealed; on AWS: aws lambda invoke",
    run: async ({ local }) => {
      await local.dropOldRingKeys();
      return { json: { ok: true }, text: 'The ring has its newest key only; every shop is sealed with it.' };
    },
  },
];
