/** Types of widget.js, which puts `Widget` into the page's global scope. */

/** The events of a widget: as a DOM event `widget:<name>` on its container, and for `on`. */
export interface WidgetEvents {
  /** The widget is ready to use. */
  ready: WidgetReady;
  /** The token URL returned a new token. */
  'token:refresh': WidgetReady;
  /** The gate no longer accepts the token, and no other is available. */
  'token:expired': WidgetFailure;
  /** The credential is valid, but not for this call: 403. */
  denied: WidgetFailure;
  /** Any other failure. */
  error: WidgetFailure;
}

export type WidgetEventName = keyof WidgetEvents;

export interface WidgetReady {
  readonly view: 'search' | 'dashboard';
  readonly version: string;
}

export interface WidgetFailure {
  /** A code of the gate's catalog, or one of the widget's own: `offline`, `token_url_failed`, … */
  readonly code: string;
  /** For developers: what is wrong and what to do. */
  readonly message: string;
  /** Whether the same call may succeed later without any change. */
  readonly retryable: boolean;
  /** HTTP status; absent if there was no response. */
  readonly status?: number;
  /** Identifies the call for the gate's operator. */
  readonly requestId?: string;
  /** Address of the page about the code. */
  readonly docs: string;
}

export interface WidgetOptions {
  /** Widget token, security token or temp token; the text shows which one. */
  readonly token?: string;
  /**
   * The page's own endpoint that returns `{"token":"…"}`. The widget calls it if there is no token, or if the gate no longer accepts the
   * token.
   */
  readonly tokenUrl?: string;
  /**
   * The gate's address.
   * @default the origin of widget.js
   */
  readonly apiUrl?: string;
  /** @default auto: follows the reader's system */
  readonly theme?: 'auto' | 'light' | 'dark';
  /** BCP 47. @default the page's language */
  readonly locale?: string;
  /**
   * How the session of a temp token is stored: `cookie`, not readable by scripts, or `header`, a bearer value in memory.
   * @default auto: the cookie if the browser stores it, otherwise the bearer value
   */
  readonly auth?: 'auto' | 'header' | 'cookie';
  /**
   * Logs events to the console; never a credential.
   * @default false
   */
  readonly debug?: boolean;
  /** @default search for a widget token, otherwise dashboard */
  readonly view?: 'search' | 'dashboard';
  /** Security token; the same as `token` with the dashboard. */
  readonly qvToken?: string;
  /** The same as `apiUrl`. */
  readonly domain?: string;
  /** Dev key. Anyone who opens the page can read it; use it only on your own machine. */
  readonly apiKey?: string;
  /** Together with a dev key. */
  readonly userId?: string;
  readonly appId?: string;
  readonly clientId?: string;
}

export interface WidgetHandle {
  /** Gets a new token, if there is a token URL, and shows everything again. Never rejects: failures are events. */
  refresh(): Promise<void>;
  /** Applies the specified options and keeps the others. */
  update(options: WidgetOptions): void;
  /** Removes the widget; reads in progress are dropped without an event. */
  destroy(): void;
  /** Adds a listener; returns a function that removes it. */
  on<Name extends WidgetEventName>(name: Name, listener: (detail: WidgetEvents[Name]) => void): () => void;
}

export interface WidgetScript {
  readonly version: string;
  /** Mounts a widget in an element. A second call for the same element updates the existing widget. */
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
