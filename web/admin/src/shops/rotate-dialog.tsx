import { useState } from 'preact/hooks';
import { limits } from '../../../../lambda/contract/limits.ts';
import { OverlapChoice } from '../parts/overlap-choice.tsx';
import { lengthText, nowSeconds, timeText } from '../words/moments.ts';
import { EVERYWHERE } from './change-shop.ts';
import { earlierKeyOf } from './key-state.ts';
import { ShopConfirm } from './shop-confirm.tsx';
import type { OpenShop } from './shop-page.tsx';

interface RotateDialogProps {
  readonly open: OpenShop;
  onKey(apiKey: string): void;
  onClose(): void;
}

/** A successor now, the old key for an overlap. Where an earlier key still verifies tokens, that one has to give way. */
export function RotateDialog({ open, onKey, onClose }: RotateDialogProps) {
  const [overlapSeconds, setOverlap] = useState<number>(limits.defaultRotationOverlapSeconds);
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
      body={{ overlapSeconds, ...(earlier !== undefined && { force: true }) }}
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
