/** Types of widget.js, which puts `Widget` into the page's global scope. */

/** What a widget tells: as a DOM event `widget:<name>` on its container, and to `on`. */
export interface WidgetEvents {
  /** The widget can be used. */
  ready: WidgetReady;
  /** A new token came from the token URL. */
  'token:refresh': WidgetReady;
  /** The gate takes the token no longer, and no other could be had. */
  'token:expired': WidgetFailure;
  /** The credential is valid, but not for this: 403. */
  denied: WidgetFailure;
  /** Anything else that went wrong. */
  error: WidgetFailure;
}

export type WidgetEventName = keyof WidgetEvents;

export interface WidgetReady {
  readonly view: 'search' | 'dashboard';
  readonly version: string;
}

export interface WidgetFailure {
  /** A code of the gate's catalogue, or one of the widget's own: `offline`, `token_url_failed`, … */
  readonly code: string;
  /** For developers: one sentence to act on. */
  readonly message: string;
  /** Whether the same may succeed later without anybody's doing. */
  readonly retryable: boolean;
  /** HTTP status; absent when there was no answer. */
  readonly status?: number;
  /** By which the gate's operator finds the call. */
  readonly requestId?: string;
  /** Page about the code. */
  readonly docs: string;
}

export interface WidgetOptions {
  /** Widget token, security token or temp token; which one is seen from the text. */
  readonly token?: string;
  /** The page's own endpoint that answers `{"token":"…"}`; asked when there is no token, or the gate takes it no longer. */
  readonly tokenUrl?: string;
  /** The gate's address. @default where widget.js came from */
  readonly apiUrl?: string;
  /** @default auto: as the reader's system */
  readonly theme?: 'auto' | 'light' | 'dark';
  /** BCP 47. @default the page's language */
  readonly locale?: string;
  /**
   * How a session that a temp token begins is kept: `cookie`, out of reach for scripts, or `header`, a bearer value in memory.
   * @default auto: the cookie where the browser keeps it, else the bearer value
   */
  readonly auth?: 'auto' | 'header' | 'cookie';
  /** Says on the console what happens; never a credential. @default false */
  readonly debug?: boolean;
  /** @default search for a widget token, else dashboard */
  readonly view?: 'search' | 'dashboard';
  /** Security token; the same as `token` with the dashboard. */
  readonly qvToken?: string;
  /** The same as `apiUrl`. */
  readonly domain?: string;
  /** Dev key: readable by everyone who opens the page, for your own machine only. */
  readonly apiKey?: string;
  /** Beside a dev key. */
  readonly userId?: string;
  readonly appId?: string;
  readonly clientId?: string;
}

export interface WidgetHandle {
  /** Gets a new token, if there is a token URL, and shows everything anew. Never rejects: what goes wrong is an event. */
  refresh(): Promise<void>;
  /** Takes over what is given and leaves the rest as it is. */
  update(options: WidgetOptions): void;
  /** Removes the widget; what is under way is dropped without an event. */
  destroy(): void;
  /** Listens; the answer ends it. */
  on<Name extends WidgetEventName>(name: Name, listener: (detail: WidgetEvents[Name]) => void): () => void;
}

export interface WidgetScript {
  readonly version: string;
  /** Puts a widget into an element. A second call for the same element updates the widget that is there. */
  mount(container: Element, options: WidgetOptions): WidgetHandle;
}

declare global {
  const Widget: WidgetScript;
  interface HTMLElementEventMap {
    'widget:ready': CustomEvent<WidgetReady>;
    'widget:token:refresh': CustomEvent<WidgetReady>;
    'widget:token:expired': CustomEvent<WidgetFailure>;
    'widget:denied': CustomEvent<WidgetFailure>;
    'widget:error': CustomEvent<WidgetFailure>;
  }
}
