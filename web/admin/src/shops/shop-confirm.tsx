import type { RequestOf } from '#contract/admin-api.ts';
import type { NewKey, ShopView } from '../api/views.ts';
import { Confirm, type ConfirmProps } from '../parts/confirm.tsx';
import { announce } from '../state/announce.ts';
import { changeOpenShop, type OpenShop, reloadIfChanged, type ShopAction } from './open-shop.ts';

type Rest = Pick<ConfirmProps<unknown>, 'title' | 'effects' | 'confirmLabel' | 'tone' | 'children' | 'onClose'>;

interface ShopConfirmProps<A extends ShopAction> extends Rest {
  readonly open: OpenShop;
  readonly action: A;
  /** The request members, or a function that reads them from the form. */
  readonly members?: RequestOf<A>;
  /** For actions that cannot be undone or stop everything: the shop's id must be typed. */
  readonly isWorst?: boolean;
  /** The result, announced by screen readers. */
  readonly outcome: string;
  membersOf?(form: ReadonlyMap<string, string>): RequestOf<A>;
  /** A key that the change created. */
  onKey?(apiKey: string): void;
}

/** Asks for confirmation, changes a shop and shows its new state. */
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
      {...(isWorst && { typed: { text: open.shop.shopId, what: "shop's id" } })}
      act={(form) => changeOpenShop(action, open.shop, membersOf?.(form) ?? members ?? ({} as RequestOf<A>))}
      onDone={done}
      onRefused={(refusal) => reloadIfChanged(refusal, open)}
    />
  );
}
