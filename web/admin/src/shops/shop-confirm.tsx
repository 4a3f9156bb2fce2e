import type { RequestOf } from '#contract/admin-api.ts';
import type { NewKey, ShopView } from '../api/views.ts';
import { Confirm, type ConfirmProps } from '../parts/confirm.tsx';
import { announce } from '../state/announce.ts';
import { changeOpenShop, lookAgain, type OpenShop, type ShopAction } from './open-shop.ts';

type Rest = Pick<ConfirmProps<unknown>, 'title' | 'effects' | 'confirmLabel' | 'tone' | 'children' | 'onClose'>;

interface ShopConfirmProps<A extends ShopAction> extends Rest {
  readonly open: OpenShop;
  readonly action: A;
  /** What is sent with it; or what the form says. */
  readonly members?: RequestOf<A>;
  /** For what can't be taken back, or stops everything: the shop's id must be typed. */
  readonly isWorst?: boolean;
  /** The outcome, for everybody to hear. */
  readonly outcome: string;
  membersOf?(form: ReadonlyMap<string, string>): RequestOf<A>;
  /** A key that the change made. */
  onKey?(apiKey: string): void;
}

/** Asks before a shop is changed, changes it, and shows it as it is afterwards. */
export function ShopConfirm<A extends ShopAction>(props: ShopConfirmProps<A>) {
  const { open, action, members, isWorst = false, outcome, membersOf, onKey, ...rest } = props;
  const done = ({ apiKey, ...shop }: ShopView & NewKey): void => {
    open.replace(shop);
    announce(outcome);
    rest.onClose();
    if (apiKey !== undefined) onKey?.(apiKey);
  };
  return (
    <Confirm
      {...rest}
      {...(isWorst && { typed: { text: open.shop.shopId, what: 'shop’s id' } })}
      act={(form) => changeOpenShop(action, open.shop, membersOf?.(form) ?? members ?? ({} as RequestOf<A>))}
      onDone={done}
      onRefused={(refusal) => lookAgain(refusal, open)}
    />
  );
}
