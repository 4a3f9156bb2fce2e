import type { OverlapSeconds } from '#contract/admin-api.ts';
import { limits } from '#contract/limits.ts';
import { wrongUsage } from './failure.ts';
import type { Options } from './options.ts';

const SECONDS = new Map<string, OverlapSeconds>([
  ['0', 0],
  ['1h', 3_600],
  ['24h', 86_400],
  ['7d', 604_800],
]);

/** `--overlap` in seconds. Throws `CliFailure`. */
export function overlapOf(options: Options): OverlapSeconds {
  const given = options.text('overlap');
  if (given === undefined) return limits.defaultRotationOverlapSeconds;
  const seconds = SECONDS.get(given);
  if (seconds === undefined) throw wrongUsage(`--overlap must be one of ${[...SECONDS.keys()].join(', ')}.`);
  return seconds;
}

const UNIT_SECONDS = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3_600],
  ['d', 86_400],
]);

/** `--max-ttl` in seconds: a number with its unit, such as 30m, 24h or 7d. Throws `CliFailure`. */
export function lifeOf(options: Options): number | undefined {
  const given = options.text('max-ttl');
  if (given === undefined) return undefined;
  const [, number, unit = ''] = /^([1-9]\d{0,5})([smhd])$/.exec(given) ?? [];
  if (number === undefined) throw wrongUsage('--max-ttl must be a number with its unit, such as 30m, 24h or 7d.');
  return Number(number) * (UNIT_SECONDS.get(unit) as number);
}
