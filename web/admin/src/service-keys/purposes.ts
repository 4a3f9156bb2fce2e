import { limits } from '#contract/limits.ts';
import type { Purpose } from '../api/views.ts';

export interface PurposeWords {
  readonly name: string;
  readonly hint: string;
  /** What its origins are for; absent: it has none. */
  readonly origins?: string;
  /** What its limit is about, and what may be chosen; absent: it has none. */
  readonly life?: { readonly label: string; readonly choices: readonly number[]; readonly unset: string };
}

const HOUR = 3_600;
const DAY = 86_400;

/** The kinds of service keys, by what they open. */
export const purposes: Readonly<Record<Purpose, PurposeWords>> = {
  analytics: {
    name: 'Analytics',
    hint: 'For a customer’s server: gets security tokens and sessions for its users.',
    origins: 'Pages that may have sessions. Without any, the key gets security tokens only.',
    life: {
      label: 'Longest life of a token',
      choices: [600, HOUR, 8 * HOUR, limits.maxSecurityTokenTtlSeconds],
      unset: 'The gate’s own limit, 24 hours',
    },
  },
  'data-router': { name: 'Data router', hint: 'For a server that calls the data router. It has no pages.' },
  dev: {
    name: 'Dev',
    hint: 'For a developer’s page on localhost. Whoever opens the page can read it; production takes none.',
    origins: 'Pages beside those on localhost.',
    life: {
      label: 'Life of the key',
      choices: [HOUR, DAY, 3 * DAY],
      unset: '7 days, the longest',
    },
  },
};

export const purposeNames = Object.keys(purposes) as Purpose[];
