import { limits } from '../lambda/contract/limits.ts';
import { wrongUsage } from './failure.ts';
import type { Options } from './options.ts';

const SECONDS = new Map<string, number>([
  ['0', 0],
  ['1h', 3_600],
  ['24h', 86_400],
  ['7d', 604_800],
]);

/** `--overlap` in seconds. Throws `CliFailure`. */
export function overlapOf(options: Options): number {
  const given = options.text('overlap');
  if (given === undefined) return limits.defaultRotationOverlapSeconds;
  const seconds = SECONDS.get(given);
  if (seconds === undefined) throw wrongUsage(`--overlap takes one of ${[...SECONDS.keys()].join(', ')}.`);
  return seconds;
}
