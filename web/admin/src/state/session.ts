import type { Refusal } from '../api/call.ts';
import type { SessionView } from '../api/views.ts';
import { forgetAnswers } from './answers.ts';
import { createStore } from './store.ts';

/** Why the login is shown, except the first time. */
export type LoginReason = 'ended' | 'logged-out' | 'link-refused' | 'no-cookie' | Refusal;

export type SessionState =
  | { readonly kind: 'starting'; readonly doing: string }
  | { readonly kind: 'failed'; readonly refusal: Refusal }
  | { readonly kind: 'out'; readonly reason?: LoginReason }
  | { readonly kind: 'in'; readonly user: SessionView };

export const session = createStore<SessionState>({ kind: 'starting', doing: 'Looking for your session' });

/** Leaves the console and clears its data. The address remains, so that the next login leads back to it. */
export function leave(reason?: LoginReason): void {
  forgetAnswers();
  session.set({ kind: 'out', ...(reason !== undefined && { reason }) });
}
