import type { Refusal } from '../api/call.ts';
import type { SessionView } from '../api/views.ts';
import { forgetAnswers } from './answers.ts';
import { createStore } from './store.ts';

/** Why the login is shown, when it is not for the first time. */
export type LoginReason = 'ended' | 'logged-out' | 'link-refused' | 'no-cookie' | Refusal;

export type SessionState =
  | { readonly kind: 'starting'; readonly doing: string }
  | { readonly kind: 'failed'; readonly refusal: Refusal }
  | { readonly kind: 'out'; readonly reason?: LoginReason }
  | { readonly kind: 'in'; readonly user: SessionView };

export const session = createStore<SessionState>({ kind: 'starting', doing: 'Looking for your session' });

/** Leaves the console; nothing that it learned stays. The address stays, so that the next login leads back. */
export function leave(reason?: LoginReason): void {
  forgetAnswers();
  session.set({ kind: 'out', ...(reason !== undefined && { reason }) });
}
