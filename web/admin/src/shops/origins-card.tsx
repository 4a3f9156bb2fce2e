import { useState } from 'preact/hooks';
import type { RegistrationNotes } from '#contract/admin-api.ts';
import { limits } from '#contract/limits.ts';
import type { Refusal } from '../api/call.ts';
import { AppCheck } from '../parts/app-check.tsx';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Empty } from '../parts/empty.tsx';
import { Field } from '../parts/field.tsx';
import { linesOf, readForm } from '../parts/form.ts';
import { RefusalBox } from '../parts/refusal-box.tsx';
import { StoredAs } from '../parts/registration-notes.tsx';
import { announce } from '../state/announce.ts';
import { changeOpenShop, EVERYWHERE, type OpenShop, reloadIfChanged } from './open-shop.ts';
import { ShopConfirm } from './shop-confirm.tsx';

/** The origins whose pages may use the widget. */
export function OriginsCard(open: OpenShop) {
  const [leaving, setLeaving] = useState<string>();
  const { origins } = open.shop;
  const lead = `Pages of these origins may use the widget, in addition to those of the whole stage. ${origins.length} of ${limits.maxOriginsPerShop}.`;
  return (
    <Card title="Origins" lead={lead}>
      {origins.length === 0 && <Empty title="No origins.">No page may use this widget; add one below.</Empty>}
      <ul class="rows compact">
        {origins.map((origin) => (
          <li key={origin}>
            <code>{origin}</code>
            <Button tone="quiet" label={`Remove ${origin}`} onClick={() => setLeaving(origin)}>
              Remove…
            </Button>
          </li>
        ))}
      </ul>
      <AddOrigins {...open} />
      {leaving !== undefined && (
        <ShopConfirm
          open={open}
          action="remove-origins"
          members={{ origins: [leaving] }}
          title={`Remove ${leaving}?`}
          confirmLabel="Remove the origin"
          effects={{
            what: 'Widget calls from pages of this origin are refused, unless another entry or the stage allows them.',
            when: EVERYWHERE,
            whom: `All visitors of ${leaving}.`,
            undo: 'Yes: add it again.',
          }}
          outcome={`${leaving} is removed.`}
          onClose={() => setLeaving(undefined)}
        />
      )}
    </Card>
  );
}

function AddOrigins(open: OpenShop) {
  const [refusal, setRefusal] = useState<Refusal>();
  const [notes, setNotes] = useState<RegistrationNotes>({});
  const [isBusy, setIsBusy] = useState(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    const form = event.currentTarget as HTMLFormElement;
    const fields = readForm(event);
    const origins = linesOf(fields.get('origins'));
    if (isBusy || origins.length === 0) return;
    setIsBusy(true);
    setRefusal(undefined);
    const answer = await changeOpenShop('add-origins', open.shop, { origins, ...(fields.has('app') && { app: true }) });
    setIsBusy(false);
    if (!answer.ok) {
      setRefusal(answer.refusal);
      return reloadIfChanged(answer.refusal, open);
    }
    form.reset();
    const { normalized, warnings, ...shop } = answer.value;
    setNotes({ ...(normalized && { normalized }), ...(warnings && { warnings }) });
    open.replace(shop);
    announce(`${origins.length === 1 ? origins[0] : `${origins.length} origins`} may use the widget.`);
  };
  return (
    <form class="line" onSubmit={(event) => void submit(event)}>
      <Field
        label="Add origins"
        hint={
          <>
            Scheme and host; subdomains as <code>https://*.example.com</code>; separate several with spaces
          </>
        }
      >
        {(ids) => (
          <input
            {...ids}
            name="origins"
            class="mono"
            autocomplete="off"
            spellcheck={false}
            placeholder="https://shop.example.com"
            required
          />
        )}
      </Field>
      <Button type="submit" isBusy={isBusy}>
        Add
      </Button>
      <AppCheck />
      {refusal !== undefined && <RefusalBox refusal={refusal} />}
      <StoredAs {...notes} />
    </form>
  );
}
