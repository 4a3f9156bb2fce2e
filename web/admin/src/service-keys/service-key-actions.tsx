import { useState } from 'preact/hooks';
import type { ServiceKeyView } from '../api/views.ts';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { NewKeyDialog } from '../shops/key-dialogs.tsx';
import { nowSeconds } from '../words/moments.ts';
import { RevokeDialog } from './revoke-dialogs.tsx';
import { RotateServiceKeyDialog } from './rotate-service-key-dialog.tsx';
import { isRotatable, serviceKeyStateOf } from './use-service-keys.ts';

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
    <Card title="Change it" lead={isLive ? undefined : 'It has ended; what it got may live on, and can be revoked.'}>
      <div class="actions">
        {isRotatable(serviceKey, now) && <Button onClick={next('rotate')}>Rotate…</Button>}
        <Button tone="danger" onClick={next('revoke-service-key-tokens')}>
          Revoke what it got…
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
          place="into the environment of its server"
          onClose={next(undefined)}
        />
      )}
    </Card>
  );
}
