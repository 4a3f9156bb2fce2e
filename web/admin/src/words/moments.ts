const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const precise = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** `2 Jan 2026, 14:05`, in the reader's own time zone. */
export const timeText = (seconds: number): string => absolute.format(seconds * 1_000);

/** The same with seconds. */
export const preciseTimeText = (milliseconds: number): string => precise.format(milliseconds);

/** `in 3 hours`, `2 days ago`, `now`. */
export function distanceText(seconds: number, nowSeconds = Date.now() / 1_000): string {
  const distance = seconds - nowSeconds;
  const [unit, size] = UNITS.find(([, unitSeconds]) => Math.abs(distance) >= unitSeconds) ?? ['minute', 60];
  return Math.abs(distance) < 60 ? 'just now' : relative.format(Math.round(distance / size), unit);
}

/** `24 hours`, `7 days`, `90 seconds`. */
export function lengthText(seconds: number): string {
  if (seconds === 0) return '0 seconds';
  const [unit, size] = [['day', 86_400] as const, ...UNITS.slice(1)].find(
    ([name, unitSeconds]) => seconds % unitSeconds === 0 && (name !== 'day' || seconds > unitSeconds),
  ) ?? ['second', 1];
  const amount = seconds / size;
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}

export const nowSeconds = (): number => Math.floor(Date.now() / 1_000);
