import { useState } from 'preact/hooks';
import type { KeyView } from '../api/views.ts';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Moment } from '../parts/moment.tsx';
import { nowSeconds } from '../words/moments.ts';
import { KeyDialogs, type KeyQuestion } from './key-dialogs.tsx';
import { isOverlapping, type KeyState, keyStateOf } from './key-state.ts';
import type { OpenShop } from './open-shop.ts';

const WORDS = {
  current: ['good', 'Current'],
  overlapping: ['warning', 'In overlap'],
  verifying: ['plain', 'Verifies tokens only'],
  ended: ['plain', 'Ended'],
} as const satisfies Record<KeyState, readonly [string, string]>;

/** Newest first. */
function KeyTable({ keys }: { readonly keys: readonly KeyView[] }) {
  const now = nowSeconds();
  return (
    <table class="list">
      <thead>
        <tr>
          <th scope="col">Key id</th>
          <th scope="col">State</th>
          <th scope="col">Created</th>
          <th scope="col">Use</th>
        </tr>
      </thead>
      <tbody>
        {[...keys].reverse().map((key) => {
          const state = keyStateOf(key, now);
          const [tone, words] = WORDS[state];
          return (
            <tr key={key.keyId}>
              <th scope="row">
                <code>{key.keyId}</code>
              </th>
              <td>
                <Badge tone={tone}>{words}</Badge>
              </td>
              <td>
                <Moment at={key.createdAt} isShort />
              </td>
              <td>
                <Meaning keyView={key} state={state} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Meaning({ keyView, state }: { readonly keyView: KeyView; readonly state: KeyState }) {
  const { credentialUntil, verifyUntil } = keyView;
  if (state === 'current') return <>Gets tokens and signs them</>;
  if (state === 'overlapping' && credentialUntil !== undefined)
    return (
      <>
        Gets tokens until <Moment at={credentialUntil} />
      </>
    );
  if (state === 'verifying' && verifyUntil !== undefined)
    return (
      <>
        Its tokens expire by <Moment at={verifyUntil} />
      </>
    );
  return <>None</>;
}

/** A shop's API keys and their actions. */
export function KeysCard(open: OpenShop) {
  const [asked, setAsked] = useState<KeyQuestion>();
  const { keys } = open.shop;
  const canUndo = keys.some((key) => isOverlapping(key, nowSeconds()));
  const ask = (kind: KeyQuestion['kind']) => () => setAsked({ kind } as KeyQuestion);
  return (
    <Card
      title="API keys"
      lead="The shop's server gets its tokens with these keys. The gate does not store them in readable form."
    >
      <KeyTable keys={keys} />
      <div class="actions">
        <Button onClick={ask('rotate')}>Rotate…</Button>
        {canUndo && (
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
