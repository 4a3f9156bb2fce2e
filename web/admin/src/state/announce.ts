import { createStore } from './store.ts';

/** An outcome, shown for a while and read out once. */
export interface Announcement {
  readonly text: string;
  /** Tells two of the same text apart. */
  readonly number: number;
}

export const announcement = createStore<Announcement | undefined>(undefined);

let count = 0;

export function announce(text: string): void {
  count += 1;
  announcement.set({ text, number: count });
}
