import type { Command } from '../command.ts';

export const signingKeys: readonly Command[] = [
  {
    words: 'signing-keys rotate',
    operands: [],
    options: [],
    isLocal: true,
    summary:
      "add a key that signs the local gate's assertions to upstreams; it signs once every cache has its public key, after 12 to 18 minutes; on AWS: aws secretsmanager rotate-secret",
    run: async ({ local }) => {
      await local.rotateSigningKeys();
      return {
        json: { ok: true },
        text: 'The new public key is published. The key signs once every cache has it, after 12 to 18 minutes.',
      };
    },
  },
  {
    words: 'signing-keys drop-old',
    operands: [],
    options: [],
    isLocal: true,
    summary:
      'after a leak, 20 minutes after a rotation: drop every other signing key of the local gate, so that upstreams refuse their assertions; on AWS: aws lambda invoke',
    run: async ({ local }) => {
      await local.dropOldSigningKeys();
      return {
        json: { ok: true },
        text: 'The newest signing key is the only one. Upstreams refuse the others once their caches expire, within 11 minutes.',
      };
    },
  },
];
