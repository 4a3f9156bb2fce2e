import type { Texts } from './texts.ts';

/**
 * The result of a read: data, or the text for readers of a failure that was already reported to the page; undefined for
 * a dropped read.
 */
export interface Read {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly problem?: { readonly text: string; readonly retryable: boolean };
}

/** The environment of a view. */
export interface ViewContext {
  readonly root: HTMLElement;
  readonly texts: Texts;
  /** Reads a path of the API; an earlier read in progress is dropped. An empty path only drops it. */
  read(path: string): Promise<Read>;
  ready(): void;
}

/** Shows itself. After that, each call reads and shows everything again. */
export type View = (context: ViewContext) => () => Promise<void>;
