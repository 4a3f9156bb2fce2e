import { useState } from 'preact/hooks';
import type { OverlapSeconds } from '#contract/admin-api.ts';
import { limits } from '#contract/limits.ts';
import { NewKeyDialog } from '../parts/key-reveal.tsx';
import { OverlapChoice } from '../parts/overlap-choice.tsx';
import { lengthText, nowSeconds, timeText } from '../words/moments.ts';
import { earlierKeyOf } from './key-state.ts';
import { EVERYWHERE, type OpenShop } from './open-shop.ts';
import { ShopConfirm } from './shop-confirm.tsx';

interface RotateDialogProps {
  readonly open: OpenShop;
  onKey(apiKey: string): void;
  onClose(): void;
}

/** A successor now, the old key for an overlap. Where an earlier key still verifies tokens, that one has to give way. */
function RotateDialog({ open, onKey, onClose }: RotateDialogProps) {
  const [overlapSeconds, setOverlap] = useState<OverlapSeconds>(limits.defaultRotationOverlapSeconds);
  const now = nowSeconds();
  const earlier = earlierKeyOf(open.shop.keys, now);
  const until = timeText(now + overlapSeconds);
  const old =
    overlapSeconds === 0 ? 'The old key gets no more tokens' : `After ${until} the old key gets no more tokens`;
  const forced =
    earlier === undefined
      ? ''
      : ` The key ${earlier.keyId} from an earlier rotation stops now with all its tokens, because only two keys verify at a time.`;
  return (
    <ShopConfirm
      open={open}
      action="rotate-key"
      members={{ overlapSeconds, ...(earlier !== undefined && { force: true }) }}
      title="Rotate the key?"
      confirmLabel={earlier === undefined ? 'Rotate the key' : 'Stop the earlier key and rotate'}
      tone={earlier === undefined ? 'primary' : 'danger'}
      isWorst={earlier !== undefined}
      effects={{
        what: `You get a new key. ${old}; tokens that it made stay valid until they run out.${forced}`,
        when:
          overlapSeconds === 0 || earlier !== undefined
            ? EVERYWHERE
            : `The overlap lasts ${lengthText(overlapSeconds)}.`,
        whom:
          overlapSeconds === 0
            ? 'Servers of this shop: they get 401 until they have the new key. Pages with tokens are not concerned.'
            : `Nobody, if the shop’s servers have the new key within ${lengthText(overlapSeconds)}.`,
        undo: overlapSeconds === 0 ? 'No.' : `Yes, until ${until}.`,
      }}
      outcome="The key is rotated."
      onKey={onKey}
      onClose={onClose}
    >
      <OverlapChoice seconds={overlapSeconds} onChoice={setOverlap} />
    </ShopConfirm>
  );
}

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
