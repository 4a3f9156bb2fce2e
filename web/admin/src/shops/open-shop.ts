import type { AdminAction, AnswerOf, PathOf, RegistrationNotes, RequestOf } from '#contract/admin-api.ts';
import { limits } from '#contract/limits.ts';
import { ask } from '../api/ask.ts';
import type { Answer, Refusal } from '../api/call.ts';
import type { NewKey, ShopView } from '../api/views.ts';

/** The current shop, and a function that applies the result of a change. */
export interface OpenShop {
  readonly shop: ShopView;
  replace(shop: ShopView): void;
  reload(): void;
}

/** Actions that change one shop and return its new state. */
export type ShopAction = {
  [A in AdminAction]: PathOf<A> extends { readonly shopId: string }
    ? AnswerOf<A> extends ShopView
      ? A
      : never
    : never;
}[AdminAction];

/** The response to any of these. */
export type ChangedShop = ShopView & NewKey & RegistrationNotes;

/** Changes the shop as it is shown, and no other version of it. */
export const changeOpenShop = <A extends ShopAction>(
  action: A,
  { shopId, version }: ShopView,
  members: RequestOf<A>,
): Promise<Answer<ChangedShop>> => ask<ShopAction>(action, { shopId, ...members } as never, version);

/** After these refusals the shown shop is outdated: it is loaded again behind the dialog. */
export const reloadIfChanged = ({ code }: Refusal, { reload }: OpenShop): void => {
  if (code === 'precondition_failed' || code === 'version_conflict' || code === 'no_rotation_in_progress') reload();
};

export const EVERYWHERE = `Effective everywhere within ${limits.defaultBoundSeconds} seconds, or ${limits.revocationBoundSeconds} if the stage caches decisions.`;
