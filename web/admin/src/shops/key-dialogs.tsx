import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { KeyReveal } from '../parts/key-reveal.tsx';
import { EVERYWHERE } from './change-shop.ts';
import { RotateDialog } from './rotate-dialog.tsx';
import { ShopConfirm } from './shop-confirm.tsx';
import type { OpenShop } from './shop-page.tsx';

/** Which dialog is open. */
export type KeyQuestion =
  | { readonly kind: 'rotate' | 'retire' | 'undo' | 'reset' }
  | { readonly kind: 'new-key'; readonly apiKey: string };

interface KeyDialogsProps {
  readonly asked: KeyQuestion;
  readonly open: OpenShop;
  onNext(next: KeyQuestion | undefined): void;
}

export function KeyDialogs({ asked, open, onNext }: KeyDialogsProps) {
  const onClose = (): void => onNext(undefined);
  const onKey = (apiKey: string): void => onNext({ kind: 'new-key', apiKey });
  switch (asked.kind) {
    case 'rotate':
      return <RotateDialog key="rotate" open={open} onKey={onKey} onClose={onClose} />;
    case 'reset':
      return (
        <ShopConfirm
          key="reset"
          open={open}
          action="reset-keys"
          title="Reset the keys?"
          isWorst
          confirmLabel="Reset the keys"
          effects={{
            what: 'Every key of this shop stops, with every token that was made with it, and you get one new key. This is for a key that leaked; otherwise rotate.',
            when: EVERYWHERE,
            whom: 'Everybody who looks at a page of this shop: their widget stops working until its server has the new key and its pages have new tokens.',
            undo: 'No. The old keys never work again.',
          }}
          outcome="The keys are reset."
          onKey={onKey}
          onClose={onClose}
        />
      );
    case 'retire':
      return (
        <ShopConfirm
          key="retire"
          open={open}
          action="retire-key"
          title="Retire the old key?"
          confirmLabel="Retire the old key"
          effects={{
            what: 'The old key gets no more tokens. Tokens that it made stay valid until they run out.',
            when: EVERYWHERE,
            whom: 'Servers of this shop that still have the old key: they get 401. Pages with tokens are not concerned.',
            undo: 'No. Give those servers the new key first.',
          }}
          outcome="The old key is retired."
          onClose={onClose}
        />
      );
    case 'undo':
      return (
        <ShopConfirm
          key="undo"
          open={open}
          action="undo-rotation"
          title="Undo the rotation?"
          confirmLabel="Undo the rotation"
          effects={{
            what: 'The new key gets no more tokens, and the old key is the current one again. Tokens of both stay valid until they run out.',
            when: EVERYWHERE,
            whom: 'Servers of this shop that have the new key already: they get 401 until they have the old one back.',
            undo: 'No. The new key never works again; a further rotation makes another one.',
          }}
          outcome="The rotation is undone."
          onClose={onClose}
        />
      );
    case 'new-key':
      return (
        <NewKeyDialog
          key="new-key"
          apiKey={asked.apiKey}
          place="into the environment of the shop’s server"
          onClose={onClose}
        />
      );
    default:
      return asked satisfies never;
  }
}

interface NewKeyDialogProps {
  readonly apiKey: string;
  readonly place: string;
  onClose(): void;
}

/** Holds a new key until it is said to be taken. */
export const NewKeyDialog = ({ apiKey, place, onClose }: NewKeyDialogProps) => (
  <Dialog title="The new API key" isHeld onClose={onClose}>
    <KeyReveal apiKey={apiKey} place={place} />
    <div class="dialog-buttons">
      <Button onClick={onClose}>I have stored it</Button>
    </div>
  </Dialog>
);
