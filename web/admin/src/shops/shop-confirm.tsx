import type { AdminAction } from '../../../../lambda/contract/admin-routes.ts';
import type { NewKey, ShopView } from '../api/views.ts';
import { Confirm, type ConfirmProps } from '../parts/confirm.tsx';
import { announce } from '../state/announce.ts';
import { changeShop, lookAgain } from './change-shop.ts';
import type { OpenShop } from './shop-page.tsx';

type Rest = Pick<ConfirmProps<unknown>, 'title' | 'effects' | 'confirmLabel' | 'tone' | 'children' | 'onClose'>;

interface ShopConfirmProps extends Rest {
  readonly open: OpenShop;
  readonly action: AdminAction;
  readonly body?: object;
  /** For what can't be taken back, or stops everything: the shop's id must be typed. */
  readonly isWorst?: boolean;
  /** The outcome, for everybody to hear. */
  readonly outcome: string;
  bodyOf?(form: ReadonlyMap<string, string>): object;
  /** A key that the change made. */
  onKey?(apiKey: string): void;
}

/** Asks before a shop is changed, changes it, and shows it as it is afterwards. */
export function ShopConfirm(props: ShopConfirmProps) {
  const { open, action, body = {}, isWorst = false, outcome, bodyOf, onKey, ...rest } = props;
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
      act={(form) => changeShop(action, open.shop, bodyOf?.(form) ?? body)}
      onDone={done}
      onRefused={(refusal) => lookAgain(refusal, open)}
    />
  );
}
