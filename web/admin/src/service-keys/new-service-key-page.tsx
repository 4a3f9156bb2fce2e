import { useState } from 'preact/hooks';
import type { RegistrationNotes, RequestOf } from '#contract/admin-api.ts';
import { limits } from '#contract/limits.ts';
import { ask } from '../api/ask.ts';
import type { Refusal } from '../api/call.ts';
import type { NewKey, Purpose, ServiceKeyView } from '../api/views.ts';
import { AppCheck } from '../parts/app-check.tsx';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Field } from '../parts/field.tsx';
import { linesOf, readForm } from '../parts/form.ts';
import { KeyReveal } from '../parts/key-reveal.tsx';
import { Page } from '../parts/page.tsx';
import { RefusalBox } from '../parts/refusal-box.tsx';
import { StoredAs } from '../parts/registration-notes.tsx';
import { hrefOf } from '../route/route.ts';
import { announce } from '../state/announce.ts';
import { useStatus } from '../status/status-page.tsx';
import { lengthText } from '../words/moments.ts';
import { purposeNames, purposes } from './purposes.ts';

interface PurposeChoiceProps {
  readonly purpose: Purpose;
  readonly isProduction: boolean;
  onChoice(purpose: Purpose): void;
}

const PurposeChoice = ({ purpose, isProduction, onChoice }: PurposeChoiceProps) => (
  <fieldset class="choices tall">
    <legend>What it opens</legend>
    {purposeNames.map((each) => (
      <label key={each} class="choice">
        <input
          type="radio"
          name="purpose"
          checked={each === purpose}
          disabled={each === 'dev' && isProduction}
          onChange={() => onChoice(each)}
        />
        <span>
          {purposes[each].name}
          <span class="hint">{purposes[each].hint}</span>
        </span>
      </label>
    ))}
  </fieldset>
);

/** The request to the admin API; empty fields are omitted. */
function scopeOf(purpose: Purpose, form: ReadonlyMap<string, string>): RequestOf<'add-service-key'> {
  const [allowedOrigins, appIds] = [linesOf(form.get('origins')), linesOf(form.get('apps'))];
  const maxTtlSeconds = Number(form.get('life') ?? 0);
  return {
    purpose,
    label: form.get('label') ?? '',
    ...(allowedOrigins.length > 0 && { allowedOrigins }),
    ...(form.has('app') && { app: true }),
    ...(appIds.length > 0 && { appIds }),
    ...(maxTtlSeconds > 0 && { maxTtlSeconds }),
    // The form of a purpose has only the fields that its keys have.
  } as RequestOf<'add-service-key'>;
}

/** The label and the restrictions of a key. */
function ScopeFields({ purpose }: { readonly purpose: Purpose }) {
  const { origins, life } = purposes[purpose];
  return (
    <>
      <Field label="Label" hint="A name for people, such as the customer and the system">
        {(ids) => (
          <input
            {...ids}
            name="label"
            required
            autocomplete="off"
            pattern="[\p{L}\p{M}\p{N}_ .@\/\-]+"
            maxlength={limits.maxKeyLabelChars}
            title="Letters, digits, spaces and . @ / - _, at most 64"
            placeholder="acme portal"
          />
        )}
      </Field>
      {origins !== undefined && (
        <Field label="Origins" hint={`${origins} One per line.`}>
          {(ids) => (
            <textarea
              {...ids}
              name="origins"
              rows={3}
              class="mono"
              spellcheck={false}
              placeholder="https://portal.example.com"
            />
          )}
        </Field>
      )}
      {origins !== undefined && <AppCheck />}
      {origins !== undefined && (
        <Field label="Apps" hint="Ids of the apps it may be used for, one per line; empty for all">
          {(ids) => <textarea {...ids} name="apps" rows={2} class="mono" spellcheck={false} />}
        </Field>
      )}
      {life !== undefined && (
        <Field label={life.label}>
          {(ids) => (
            <select {...ids} name="life">
              <option value="">{life.unset}</option>
              {life.choices.map((seconds) => (
                <option key={seconds} value={String(seconds)}>
                  {lengthText(seconds)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
    </>
  );
}

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
    const answer = await ask('add-service-key', scopeOf(purpose, form));
    setIsBusy(false);
    if (!answer.ok) return setRefusal(answer.refusal);
    announce('The service key is added.');
    onAdded(answer.value);
  };
  return (
    <Page title="New service key" lead="The next page shows it once.">
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
          place={purpose === 'dev' ? "in the developer's environment" : 'in the environment of its server'}
        />
      )}
    </Card>
  </Page>
);
