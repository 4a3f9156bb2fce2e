import { useState } from 'preact/hooks';
import type { OverlapSeconds } from '#contract/admin-api.ts';
import { limits } from '#contract/limits.ts';
import { ask } from '../api/ask.ts';
import type { NewKey, ServiceKeyView } from '../api/views.ts';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { type BlastRadius, Confirm } from '../parts/confirm.tsx';
import { NewKeyDialog } from '../parts/key-reveal.tsx';
import { OverlapChoice } from '../parts/overlap-choice.tsx';
import { EVERYWHERE } from '../shops/open-shop.ts';
import { announce } from '../state/announce.ts';
import { lengthText, nowSeconds } from '../words/moments.ts';
import { isRotatable, serviceKeyStateOf } from './use-service-keys.ts';

interface RevokeDialogProps {
  readonly serviceKey: ServiceKeyView;
  readonly action: 'revoke-service-key' | 'revoke-service-key-tokens';
  onDone(): void;
  onClose(): void;
}

const WORDS = {
  'revoke-service-key': { verb: 'Revoke the key', outcome: 'The key is revoked.' },
  'revoke-service-key-tokens': { verb: 'Revoke its tokens', outcome: "The key's tokens and sessions are revoked." },
} as const;

const effects: Readonly<Record<RevokeDialogProps['action'], BlastRadius>> = {
  'revoke-service-key': {
    what: 'The key and every security token and session created with it are refused from now on.',
    when: EVERYWHERE,
    whom: 'The server with this key and all users of its pages, until the server has another key and gets new tokens.',
    undo: 'No. To replace a key without an interruption, rotate it.',
  },
  'revoke-service-key-tokens': {
    what: 'Every security token and session created with this key up to now is refused. The key itself stays valid and can get new ones.',
    when: EVERYWHERE,
    whom: 'All users of its pages, until its server gets new tokens.',
    undo: 'No.',
  },
};

function RevokeDialog({ serviceKey, action, onDone, onClose }: RevokeDialogProps) {
  const { keyId, label } = serviceKey;
  const { verb, outcome } = WORDS[action];
  return (
    <Confirm
      title={`${verb}: ${label}?`}
      confirmLabel={verb}
      effects={effects[action]}
      typed={{ text: keyId, what: "key's id" }}
      act={() => ask(action, { keyId })}
      onDone={() => {
        announce(outcome);
        onDone();
      }}
      onClose={onClose}
    />
  );
}

interface RotateDialogProps {
  readonly serviceKey: ServiceKeyView;
  onDone(apiKey: string | undefined): void;
  onClose(): void;
}

/** A successor with the same scope; the old key ends after the overlap. */
function RotateServiceKeyDialog({ serviceKey: { keyId, label }, onDone, onClose }: RotateDialogProps) {
  const [overlapSeconds, setOverlap] = useState<OverlapSeconds>(limits.defaultRotationOverlapSeconds);
  const length = lengthText(overlapSeconds);
  return (
    <Confirm<NewKey>
      title={`Rotate ${label}?`}
      confirmLabel="Rotate the key"
      tone="primary"
      effects={{
        what: `You get a new key with the same origins and apps. The old one ${overlapSeconds === 0 ? 'ends now' : `ends in ${length}`}; tokens and sessions created with it stay valid.`,
        when: overlapSeconds === 0 ? EVERYWHERE : `The overlap lasts ${length}.`,
        whom:
          overlapSeconds === 0
            ? 'The server with this key: it gets 401 until it has the new key.'
            : `None, if its server has the new key within ${length}.`,
        undo: 'No. The new key can be revoked, but the old one cannot be extended.',
      }}
      act={() => ask('rotate-service-key', { keyId, overlapSeconds })}
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

type Question = 'rotate' | 'revoke-service-key' | 'revoke-service-key-tokens' | { readonly apiKey: string };

interface ServiceKeyActionsProps {
  readonly serviceKey: ServiceKeyView;
  reload(): void;
}

export function ServiceKeyActions({ serviceKey, reload }: ServiceKeyActionsProps) {
  const [asked, setAsked] = useState<Question>();
  const now = nowSeconds();
  const isLive = serviceKeyStateOf(serviceKey, now) !== 'ended';
  const next = (question: Question | undefined) => (): void => setAsked(question);
  const onDone = (apiKey?: string): void => {
    setAsked(apiKey === undefined ? undefined : { apiKey });
    reload();
  };
  const common = { serviceKey, onDone, onClose: next(undefined) };
  return (
    <Card
      title="Actions"
      lead={isLive ? undefined : 'It has ended. Its tokens and sessions may still be valid and can be revoked.'}
    >
      <div class="actions">
        {isRotatable(serviceKey, now) && <Button onClick={next('rotate')}>Rotate…</Button>}
        <Button tone="danger" onClick={next('revoke-service-key-tokens')}>
          Revoke its tokens…
        </Button>
        {isLive && (
          <Button tone="danger" onClick={next('revoke-service-key')}>
            Revoke the key…
          </Button>
        )}
      </div>
      {asked === 'rotate' && <RotateServiceKeyDialog key={asked} {...common} />}
      {(asked === 'revoke-service-key' || asked === 'revoke-service-key-tokens') && (
        <RevokeDialog key={asked} action={asked} {...common} />
      )}
      {typeof asked === 'object' && (
        <NewKeyDialog
          key="new-key"
          apiKey={asked.apiKey}
          place="in the environment of its server"
          onClose={next(undefined)}
        />
      )}
    </Card>
  );
}
