import type { Texts } from './texts.ts';

/** What came of a read: data, or a problem that was reported to the page already, in words for readers; nothing of a read that was dropped. */
export interface Read {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly problem?: { readonly text: string; readonly retryable: boolean };
}

/** What a view gets to work with. */
export interface ViewContext {
  readonly root: HTMLElement;
  readonly texts: Texts;
  /** Reads a path of the API; an earlier read that is still under way is dropped. An empty path only drops it. */
  read(path: string): Promise<Read>;
  ready(): void;
}

/** Shows itself, and from then on reads and shows everything anew when it is called. */
export type View = (context: ViewContext) => () => Promise<void>;
