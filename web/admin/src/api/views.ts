import type { ServiceKeyView, ShopView } from '../../../../clients/views.ts';

export type { KeyView, Purpose, ServiceKeyView, ShopView } from '../../../../clients/views.ts';

/** Who is logged in. Times are Unix seconds, here and below, unless told. */
export interface SessionView {
  readonly arn: string;
  readonly userId: string;
  readonly userName: string;
  readonly createdAt: number;
}

export interface Corrupt {
  readonly corrupt: true;
}

export type ListedShop = ShopView | (Corrupt & { readonly shopId: string });

export interface ShopPage {
  readonly shops: readonly ListedShop[];
  readonly cursor?: string;
}

export type ListedServiceKey = ServiceKeyView | (Corrupt & { readonly keyId: string });

/** What an answer that made a key adds. It is never kept beyond the view that shows it. */
export interface NewKey {
  readonly apiKey?: string;
}

export interface AuditEntryView {
  readonly id: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly subject: string;
  readonly action: string;
  readonly actor?: { readonly arn: string };
  readonly requestId?: string;
  readonly code: string;
  readonly count?: number;
  readonly requestIds?: readonly string[];
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
}

export interface AuditPageView {
  readonly entries: readonly AuditEntryView[];
  readonly cursor?: string;
}

export interface ExplainedRequest {
  readonly entry: AuditEntryView;
  readonly why?: string;
  readonly remedy?: string;
}

export interface ExplainedToken {
  readonly valid: boolean;
  readonly reason: string;
  readonly issuedAt: number | null;
  readonly expiresAt: number | null;
  readonly keyId: string | null;
  /** The likeliest mistake, where there is a guess. */
  readonly hint?: string;
  readonly why?: string;
  readonly remedy?: string;
}

export interface StatusView {
  readonly deployment: string;
  readonly keyEnvironment: 'live' | 'test';
  readonly shopTable: boolean;
  readonly ring: boolean;
}
