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

/**
 * Creates a successor and keeps the old key valid for an overlap. If an earlier key still verifies tokens, that key
 * ends.
 */
function RotateDialog({ open, onKey, onClose }: RotateDialogProps) {
  const [overlapSeconds, setOverlap] = useState<OverlapSeconds>(limits.defaultRotationOverlapSeconds);
  const now = nowSeconds();
  const earlier = earlierKeyOf(open.shop.keys, now);
  const until = timeText(now + overlapSeconds);
  const old =
    overlapSeconds === 0
      ? 'The old key can no longer get tokens'
      : `After ${until} the old key can no longer get tokens`;
  const forced =
    earlier === undefined
      ? ''
      : ` The key ${earlier.keyId} from an earlier rotation stops now with all its tokens, because only two keys can verify tokens at a time.`;
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
        what: `You get a new key. ${old}; its tokens stay valid until they expire.${forced}`,
        when:
          overlapSeconds === 0 || earlier !== undefined
            ? EVERYWHERE
            : `The overlap lasts ${lengthText(overlapSeconds)}.`,
        whom:
          overlapSeconds === 0
            ? 'Servers of this shop: they get 401 until they have the new key. Pages with tokens are not affected.'
            : `None, if the shop's servers have the new key within ${lengthText(overlapSeconds)}.`,
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
            what: 'Every key of this shop stops, with all its tokens, and you get one new key. Use this for a leaked key; otherwise rotate.',
            when: EVERYWHERE,
            whom: 'All visitors of this shop. The widget stops until the server has the new key and the pages have new tokens.',
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
            what: 'The old key can no longer get tokens. Its tokens stay valid until they expire.',
            when: EVERYWHERE,
            whom: 'Servers of this shop that still use the old key: they get 401. Pages with tokens are not affected.',
            undo: 'No. First install the new key on those servers.',
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
            what: 'The new key can no longer get tokens, and the old key is current again. Tokens of both stay valid until they expire.',
            when: EVERYWHERE,
            whom: 'Servers of this shop that already use the new key: they get 401 until they use the old key again.',
            undo: 'No. The new key never works again; another rotation creates another key.',
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
          place="in the environment of the shop's server"
          onClose={onClose}
        />
      );
    default:
      return asked satisfies never;
  }
}
