import { assumed } from './cost-usage.ts';

const MONTH_SECONDS = 30 * 86_400;

/** How many of these requests find what they need too old, when it is kept for a time in each of so many places: r ÷ (1 + r·T ÷ places). */
export const refreshes = (count: number, places: number, keptSeconds: number): number =>
  count / (1 + (count * keptSeconds) / (MONTH_SECONDS * places));

/** Containers that run at the same time: one for each request under way. */
export const containersFor = (count: number): number =>
  Math.max(1, Math.ceil((count / MONTH_SECONDS) * (assumed.millisecondsReading / 1_000)));
