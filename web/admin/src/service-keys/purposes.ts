import { limits } from '#contract/limits.ts';
import type { Purpose } from '../api/views.ts';

export interface PurposeWords {
  readonly name: string;
  readonly hint: string;
  /** The purpose of its origins; absent: it has none. */
  readonly origins?: string;
  /** The label of its limit and the choices; absent: it has none. */
  readonly life?: { readonly label: string; readonly choices: readonly number[]; readonly unset: string };
}

const HOUR = 3_600;
const DAY = 86_400;

/** The kinds of service keys, by what they open. */
export const purposes: Readonly<Record<Purpose, PurposeWords>> = {
  analytics: {
    name: 'Analytics',
    hint: "For a customer's server, which gets security tokens and sessions for its users.",
    origins: 'Pages that may have sessions. Without any, the key can get only security tokens.',
    life: {
      label: 'Maximum lifetime of a token',
      choices: [600, HOUR, 8 * HOUR, limits.maxSecurityTokenTtlSeconds],
      unset: "The gate's limit, 24 hours",
    },
  },
  'data-router': { name: 'Data router', hint: 'For a server that calls the data router. It has no pages.' },
  dev: {
    name: 'Dev',
    hint: "For a developer's page on localhost. Anyone who opens the page can read it. Not available in production.",
    origins: 'Pages in addition to those on localhost.',
    life: {
      label: 'Lifetime of the key',
      choices: [HOUR, DAY, 3 * DAY],
      unset: '7 days, the maximum',
    },
  },
};

export const purposeNames = Object.keys(purposes) as Purpose[];
