import { limits } from '#contract/limits.ts';
import { ask } from '../api/ask.ts';
import type { StatusView } from '../api/views.ts';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Definitions } from '../parts/definitions.tsx';
import { Moment } from '../parts/moment.tsx';
import { Page } from '../parts/page.tsx';
import { RefusalBox } from '../parts/refusal-box.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { session } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { type Loaded, useLoaded } from '../state/use-loaded.ts';

export const useStatus = (): Loaded<StatusView> => useLoaded('status', () => ask('show-status', {}));

export function StatusPage() {
  const { value: status, refusal, isLoading, reload } = useStatus();
  const state = useStore(session);
  const again = (
    <Button isBusy={isLoading} onClick={reload}>
      Refresh
    </Button>
  );
  return (
    <Page title="Status" lead="This gate, and whether its dependencies respond now." actions={again}>
      {refusal !== undefined && <RefusalBox refusal={refusal} />}
      <Card title="Dependencies">
        {status === undefined && <Skeleton rows={2} />}
        {status !== undefined && (
          <div aria-live="polite">
            <Definitions
              facts={[
                ['Shop table', <Up key="table" isUp={status.shopTable} what="DynamoDB" />],
                ['Sealing ring', <Up key="ring" isUp={status.ring} what="Secrets Manager or KMS" />],
              ]}
            />
          </div>
        )}
      </Card>
      <Card title="This gate">
        {status === undefined && <Skeleton rows={3} />}
        {status !== undefined && (
          <Definitions
            facts={[
              ['Deployment', <code key="deployment">{status.deployment}</code>],
              ['Keys', status.keyEnvironment === 'live' ? 'live: a production gate' : 'test: not a production gate'],
              ['Address', <code key="address">{location.origin}</code>],
              ['Changes take effect', `within ${limits.revocationBoundSeconds} seconds, usually within 10`],
            ]}
          />
        )}
      </Card>
      {state.kind === 'in' && (
        <Card title="You">
          <Definitions
            facts={[
              ['User', state.user.userName],
              ['ARN', <code key="arn">{state.user.arn}</code>],
              ['Logged in', <Moment key="since" at={state.user.createdAt} />],
              ['Ends', <Moment key="ends" at={state.user.createdAt + limits.adminSessionSeconds} />],
              ['Idle time', `after ${limits.adminSessionIdleSeconds / 60} minutes`],
            ]}
          />
        </Card>
      )}
    </Page>
  );
}

const Up = ({ isUp, what }: { readonly isUp: boolean; readonly what: string }) =>
  isUp ? (
    <Badge tone="good">Answers</Badge>
  ) : (
    <>
      <Badge tone="danger">No response</Badge> Check {what} in the AWS Health Dashboard, and at the alarms of this gate.
      Widgets continue to work for five minutes with cached data.
    </>
  );
