import type { RegistrationNotes } from '../../../../clients/views.ts';
import type { AdminAction } from '../../../../lambda/contract/admin-routes.ts';
import { limits } from '../../../../lambda/contract/limits.ts';
import type { Answer, Refusal } from '../api/answer.ts';
import { ask } from '../api/ask.ts';
import type { NewKey, ShopView } from '../api/views.ts';
import type { OpenShop } from './shop-page.tsx';

/** Changes the shop as it is shown, and no other version of it. */
export const changeShop = (
  action: AdminAction,
  { shopId, version }: ShopView,
  body: object = {},
): Promise<Answer<ShopView & NewKey & RegistrationNotes>> =>
  ask(action, { path: { shopId }, expectedVersion: version, body });

/** After these the shop is not as it was shown: it is read again behind the dialog. */
export const lookAgain = ({ code }: Refusal, { reload }: OpenShop): void => {
  if (code === 'precondition_failed' || code === 'version_conflict' || code === 'no_rotation_in_progress') reload();
};

export const EVERYWHERE = `Everywhere within ${limits.defaultBoundSeconds} seconds, or ${limits.revocationBoundSeconds} if the stage caches decisions.`;
