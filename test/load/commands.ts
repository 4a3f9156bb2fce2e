/** What the load test may ask of the gate's process. */
export type Command =
  | { readonly kind: 'create-shops'; readonly count: number }
  | { readonly kind: 'rotate-key'; readonly shopId: string }
  | { readonly kind: 'rotate-ring' }
  | { readonly kind: 'set-faults'; readonly spec: string }
  | { readonly kind: 'memory' };

export interface Shop {
  readonly shopId: string;
  readonly apiKey: string;
}

/** What each command is answered with. */
export interface Answers {
  readonly 'create-shops': readonly Shop[];
  readonly 'rotate-key': null;
  readonly 'rotate-ring': null;
  readonly 'set-faults': null;
  /** Resident set of the gate's process, bytes. */
  readonly memory: number;
}

/** The gate's first message. */
export interface Ready {
  readonly baseUrl: string;
  readonly shop: Shop;
}

export interface Question {
  readonly id: number;
  readonly command: Command;
}

/** `error` shows why a command failed. */
export interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}
