import type { ErrorCode } from '../../../../lambda/contract/errors.ts';

/** What goes wrong on this side of the gate. */
export type LocalCode = 'no_network' | 'no_gate' | 'challenge_refused' | 'insecure_page';

export interface Refusal {
  readonly code: ErrorCode | LocalCode;
  /** What the gate adds to the catalogue's sentence. */
  readonly detail?: string;
  readonly requestId?: string;
  /** How long the gate asks to wait. */
  readonly retryAfterSeconds?: number;
}

/** Refusals are values. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export const granted = <T>(value: T): Answer<T> => ({ ok: true, value });

export const refused = (code: Refusal['code'], more: Omit<Refusal, 'code'> = {}): Answer<never> => ({
  ok: false,
  refusal: { code, ...more },
});
