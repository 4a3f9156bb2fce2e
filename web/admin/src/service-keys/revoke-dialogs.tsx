import { ask } from '../api/ask.ts';
import type { ServiceKeyView } from '../api/views.ts';
import { type BlastRadius, Confirm } from '../parts/confirm.tsx';
import { EVERYWHERE } from '../shops/change-shop.ts';
import { announce } from '../state/announce.ts';

interface RevokeDialogProps {
  readonly serviceKey: ServiceKeyView;
  readonly action: 'revoke-service-key' | 'revoke-service-key-tokens';
  onDone(): void;
  onClose(): void;
}

const WORDS = {
  'revoke-service-key': { verb: 'Revoke the key', outcome: 'The key is revoked.' },
  'revoke-service-key-tokens': { verb: 'Revoke what it got', outcome: 'What the key got is revoked.' },
} as const;

const effects: Readonly<Record<RevokeDialogProps['action'], BlastRadius>> = {
  'revoke-service-key': {
    what: 'The key is refused from now on, and so is every security token and session that it got.',
    when: EVERYWHERE,
    whom: 'The server that has it, and everybody who uses its pages, until it has another key and gets new tokens.',
    undo: 'No. To replace a key without harm, rotate it.',
  },
  'revoke-service-key-tokens': {
    what: 'Every security token and session that this key got up to now is refused. The key itself goes on, and gets new ones.',
    when: EVERYWHERE,
    whom: 'Everybody who uses its pages, until its server gets them new tokens.',
    undo: 'No.',
  },
};

export function RevokeDialog({ serviceKey, action, onDone, onClose }: RevokeDialogProps) {
  const { keyId, label } = serviceKey;
  const { verb, outcome } = WORDS[action];
  return (
    <Confirm
      title={`${verb}: ${label}?`}
      confirmLabel={verb}
      effects={effects[action]}
      typed={{ text: keyId, what: 'key’s id' }}
      act={() => ask(action, { path: { keyId }, body: {} })}
      onDone={() => {
        announce(outcome);
        onDone();
      }}
      onClose={onClose}
    />
  );
}
