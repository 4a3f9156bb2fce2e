import { useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { nowSeconds } from '../words/moments.ts';
import { KeyDialogs, type KeyQuestion } from './key-dialogs.tsx';
import { isOverlapping } from './key-state.ts';
import { KeyTable } from './key-table.tsx';
import type { OpenShop } from './shop-page.tsx';

/** A shop's API keys, and what can be done about them. */
export function KeysCard(open: OpenShop) {
  const [asked, setAsked] = useState<KeyQuestion>();
  const { keys } = open.shop;
  const canTakeBack = keys.some((key) => isOverlapping(key, nowSeconds()));
  const ask = (kind: KeyQuestion['kind']) => () => setAsked({ kind } as KeyQuestion);
  return (
    <Card
      title="API keys"
      lead="What the shop’s server gets its tokens with. The keys themselves are not kept in readable form."
    >
      <KeyTable keys={keys} />
      <div class="actions">
        <Button onClick={ask('rotate')}>Rotate…</Button>
        {canTakeBack && (
          <>
            <Button onClick={ask('retire')}>Retire the old key…</Button>
            <Button onClick={ask('undo')}>Undo the rotation…</Button>
          </>
        )}
        <Button tone="danger" onClick={ask('reset')}>
          Reset…
        </Button>
      </div>
      {asked !== undefined && <KeyDialogs asked={asked} open={open} onNext={setAsked} />}
    </Card>
  );
}
