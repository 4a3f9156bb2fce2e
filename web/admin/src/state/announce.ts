import { createStore } from './store.ts';

/** A result, shown for a while and announced once. */
export interface Announcement {
  readonly text: string;
  /** Distinguishes two announcements of the same text. */
  readonly number: number;
}

export const announcement = createStore<Announcement | undefined>(undefined);

let count = 0;

export function announce(text: string): void {
  count += 1;
  announcement.set({ text, number: count });
}
