import { limits } from '#contract/limits.ts';

/** Longest part of a header that is looked at: what is escaped is longer, and is cut. */
const MOST = limits.maxOriginChars + 1;

/** All that an origin can have; whatever else a caller sends is shown by its number, so that it is safe in every place that shows it. */
const UNSAFE = /[^A-Za-z0-9 .,:;/?#@!$()*+=~[\]{}|%^_-]/g;

const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The Origin that a refused call stated, for the trail: every value that was sent, escaped and cut. Source: contract §3.5. */
export function shownOrigin(origins: readonly string[]): string {
  const parts =
    origins
      .join(', ')
      .slice(0, MOST)
      .replace(UNSAFE, escaped)
      .match(/\\u[0-9a-f]{4}|./g) ?? [];
  let shown = '';
  for (const part of parts) {
    if (shown.length + part.length > limits.maxOriginChars) break;
    shown += part;
  }
  return shown;
}
