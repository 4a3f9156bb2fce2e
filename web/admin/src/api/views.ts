import type { AnswerOf } from '#contract/admin-api.ts';

export type { AuditEntryView, KeyView, Purpose, ServiceKeyView, ShopView } from '#contract/admin-api.ts';

export type SessionView = AnswerOf<'show-session'>;
export type ShopPage = AnswerOf<'list-shops'>;
export type ListedShop = ShopPage['shops'][number];
export type ListedServiceKey = AnswerOf<'list-service-keys'>['serviceKeys'][number];
export type ExplainedRequest = AnswerOf<'explain-request'>;
export type ExplainedToken = AnswerOf<'explain-token'>;
export type StatusView = AnswerOf<'show-status'>;

/** The additional member of a response that created a key. It is never kept beyond the view that shows it. */
export interface NewKey {
  readonly apiKey?: string;
}
