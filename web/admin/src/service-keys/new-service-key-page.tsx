import { useState } from 'preact/hooks';
import type { RegistrationNotes } from '../../../../clients/views.ts';
import type { Refusal } from '../api/answer.ts';
import { ask } from '../api/ask.ts';
import type { NewKey, Purpose, ServiceKeyView } from '../api/views.ts';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { readForm } from '../parts/form.ts';
import { KeyReveal } from '../parts/key-reveal.tsx';
import { Page } from '../parts/page.tsx';
import { RefusalBox } from '../parts/refusal-box.tsx';
import { StoredAs } from '../parts/registration-notes.tsx';
import { hrefOf } from '../route/route.ts';
import { announce } from '../state/announce.ts';
import { useStatus } from '../status/use-status.ts';
import { PurposeChoice } from './purpose-choice.tsx';
import { ScopeFields, scopeOf } from './scope-fields.tsx';

type Added = ServiceKeyView & NewKey & RegistrationNotes;

export function NewServiceKeyPage() {
  const [added, setAdded] = useState<Added>();
  return added === undefined ? <NewServiceKeyForm onAdded={setAdded} /> : <AddedKey {...added} />;
}

function NewServiceKeyForm({ onAdded }: { onAdded(key: Added): void }) {
  const [purpose, setPurpose] = useState<Purpose>('analytics');
  const [isBusy, setIsBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const { value: status } = useStatus();
  const submit = async (event: SubmitEvent): Promise<void> => {
    const form = readForm(event);
    if (isBusy) return;
    setIsBusy(true);
    setRefusal(undefined);
    const answer = await ask<Added>('add-service-key', { body: scopeOf(purpose, form) });
    setIsBusy(false);
    if (!answer.ok) return setRefusal(answer.refusal);
    announce('The service key is added.');
    onAdded(answer.value);
  };
  return (
    <Page title="New service key" lead="The next page shows it, once.">
      <form class="card stack narrow" onSubmit={(event) => void submit(event)}>
        {refusal !== undefined && <RefusalBox refusal={refusal} />}
        <PurposeChoice purpose={purpose} isProduction={status?.keyEnvironment === 'live'} onChoice={setPurpose} />
        <ScopeFields key={purpose} purpose={purpose} />
        <div class="actions">
          <Button type="submit" tone="primary" isBusy={isBusy}>
            Add the key
          </Button>
          <a class="button quiet" href={hrefOf(['service-keys'])}>
            Cancel
          </a>
        </div>
      </form>
    </Page>
  );
}

const AddedKey = ({ apiKey, label, keyId, purpose, ...notes }: Added) => (
  <Page
    title={`${label} is ready`}
    lead={<code>{keyId}</code>}
    actions={
      <a class="button" href={hrefOf(['service-keys', keyId])}>
        Go to the key
      </a>
    }
  >
    <StoredAs {...notes} />
    <Card title="Service key">
      {apiKey !== undefined && (
        <KeyReveal
          apiKey={apiKey}
          place={purpose === 'dev' ? 'where the developer reads it from' : 'into the environment of its server'}
        />
      )}
    </Card>
  </Page>
);
