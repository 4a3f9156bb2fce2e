import type { AdminAction, AnswerOf, PathOf, RegistrationNotes, RequestOf } from '#contract/admin-api.ts';
import { limits } from '#contract/limits.ts';
import { ask } from '../api/ask.ts';
import type { Answer, Refusal } from '../api/call.ts';
import type { NewKey, ShopView } from '../api/views.ts';

/** A shop as it is, and how to take over what a change made of it. */
export interface OpenShop {
  readonly shop: ShopView;
  replace(shop: ShopView): void;
  reload(): void;
}

/** What changes one shop and shows it as it is afterwards. */
export type ShopAction = {
  [A in AdminAction]: PathOf<A> extends { readonly shopId: string }
    ? AnswerOf<A> extends ShopView
      ? A
      : never
    : never;
}[AdminAction];

/** The answer to any of these. */
export type ChangedShop = ShopView & NewKey & RegistrationNotes;

/** Changes the shop as it is shown, and no other version of it. */
export const changeOpenShop = <A extends ShopAction>(
  action: A,
  { shopId, version }: ShopView,
  members: RequestOf<A>,
): Promise<Answer<ChangedShop>> => ask<ShopAction>(action, { shopId, ...members } as never, version);

/** After these the shop is not as it was shown: it is read again behind the dialog. */
export const lookAgain = ({ code }: Refusal, { reload }: OpenShop): void => {
  if (code === 'precondition_failed' || code === 'version_conflict' || code === 'no_rotation_in_progress') reload();
};

export const EVERYWHERE = `Everywhere within ${limits.defaultBoundSeconds} seconds, or ${limits.revocationBoundSeconds} if the stage caches decisions.`;
