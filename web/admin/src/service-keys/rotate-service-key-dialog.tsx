import { useState } from 'preact/hooks';
import { limits } from '../../../../lambda/contract/limits.ts';
import { ask } from '../api/ask.ts';
import type { NewKey, ServiceKeyView } from '../api/views.ts';
import { Confirm } from '../parts/confirm.tsx';
import { OverlapChoice } from '../parts/overlap-choice.tsx';
import { EVERYWHERE } from '../shops/change-shop.ts';
import { announce } from '../state/announce.ts';
import { lengthText } from '../words/moments.ts';

interface RotateDialogProps {
  readonly serviceKey: ServiceKeyView;
  onDone(apiKey: string | undefined): void;
  onClose(): void;
}

/** A successor with the same scope; the old key ends after the overlap. */
export function RotateServiceKeyDialog({ serviceKey: { keyId, label }, onDone, onClose }: RotateDialogProps) {
  const [overlapSeconds, setOverlap] = useState<number>(limits.defaultRotationOverlapSeconds);
  const length = lengthText(overlapSeconds);
  return (
    <Confirm<NewKey>
      title={`Rotate ${label}?`}
      confirmLabel="Rotate the key"
      tone="primary"
      effects={{
        what: `You get a new key with the same origins and apps. The old one ${overlapSeconds === 0 ? 'ends now' : `ends in ${length}`}; tokens and sessions that it got live on.`,
        when: overlapSeconds === 0 ? EVERYWHERE : `The overlap lasts ${length}.`,
        whom:
          overlapSeconds === 0
            ? 'The server that has it: it gets 401 until it has the new key.'
            : `Nobody, if its server has the new key within ${length}.`,
        undo: 'No. The new key can be revoked, the old one can’t be prolonged.',
      }}
      act={() => ask<NewKey>('rotate-service-key', { path: { keyId }, body: { overlapSeconds } })}
      onDone={({ apiKey }) => {
        announce('The key is rotated.');
        onDone(apiKey);
      }}
      onClose={onClose}
    >
      <OverlapChoice seconds={overlapSeconds} onChoice={setOverlap} />
    </Confirm>
  );
}
