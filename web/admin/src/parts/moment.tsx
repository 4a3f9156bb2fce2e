import { distanceText, timeText } from '../words/moments.ts';

/** A time in Unix seconds: absolute, and relative to now. */
export function Moment({ at, isShort = false }: { readonly at: number; readonly isShort?: boolean }) {
  const iso = new Date(at * 1_000).toISOString();
  return (
    <time dateTime={iso} title={iso}>
      {isShort ? distanceText(at) : `${timeText(at)} (${distanceText(at)})`}
    </time>
  );
}
