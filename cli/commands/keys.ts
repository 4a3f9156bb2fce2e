import type { Command } from '../command.ts';
import { overlapOf } from '../durations.ts';
import { shopChange } from '../shop-report.ts';

export const keys: readonly Command[] = [
  shopChange({
    words: 'keys rotate',
    action: 'rotate-key',
    options: ['overlap', 'force'],
    usage: '[--overlap 0|1h|24h|7d] [--force]',
    summary: 'create a new key and print it once; the old one stays valid for the overlap (24h)',
    members: (_operands, options) => ({ overlapSeconds: overlapOf(options), force: options.flag('force') }),
  }),
  shopChange({
    words: 'keys reset',
    action: 'reset-keys',
    summary: 'create a new key and print it once; all earlier keys and their tokens stop now',
  }),
  shopChange({
    words: 'keys retire',
    action: 'retire-key',
    summary: 'end the overlap of a rotation now',
  }),
  shopChange({
    words: 'keys undo',
    action: 'undo-rotation',
    summary: 'undo a rotation during its overlap',
  }),
];
