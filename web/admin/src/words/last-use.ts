import { lastUseOf } from '#contract/last-use.ts';
import type { ServiceKeyView } from '../api/views.ts';
import { distanceText, timeText } from './moments.ts';

/** When a key was last used, in words, as exactly as the gate knows. */
export function lastUseText(
  view: Pick<ServiceKeyView, 'lastUsedAt' | 'lastUsedGrainSeconds'>,
  now: number,
  isShort = false,
): string {
  const use = lastUseOf(view, now);
  if (use.kind === 'never') return 'never';
  if (use.kind === 'recent') return 'within the last hour';
  return isShort ? `about ${distanceText(use.to, now)}` : `between ${timeText(use.from)} and ${timeText(use.to)}`;
}
