import { useRef, useState } from 'preact/hooks';
import type { RegistrationNotes } from '../../../../clients/views.ts';
import { limits } from '../../../../lambda/contract/limits.ts';
import type { Refusal } from '../api/answer.ts';
import { ask } from '../api/ask.ts';
import type { NewKey, ShopView } from '../api/views.ts';
import { AppCheck } from '../parts/app-check.tsx';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { linesOf, readForm } from '../parts/form.ts';
import { Page } from '../parts/page.tsx';
import { RefusalBox } from '../parts/refusal-box.tsx';
import { hrefOf } from '../route/route.ts';
import { announce } from '../state/announce.ts';
import { CreatedShop } from './created-shop.tsx';

type Created = ShopView & NewKey & RegistrationNotes;

export function NewShopPage() {
  const [created, setCreated] = useState<Created>();
  return created === undefined ? <NewShopForm onCreated={setCreated} /> : <CreatedShop {...created} />;
}

function NewShopForm({ onCreated }: { onCreated(shop: Created): void }) {
  const [isBusy, setIsBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const sent = useRef({ text: '', clientToken: '' });

  const submit = async (event: SubmitEvent): Promise<void> => {
    const form = readForm(event);
    if (isBusy) return;
    const name = form.get('name') ?? '';
    const wanted = {
      ...(name !== '' && { name }),
      url: form.get('url') ?? '',
      exact: !form.has('sibling'),
      origins: linesOf(form.get('origins')),
      ...(form.has('app') && { app: true }),
      requireOrigin: form.has('requireOrigin'),
    };
    const text = JSON.stringify(wanted);
    // The same once more is the same shop: an answer that got lost makes no second one.
    if (sent.current.text !== text) sent.current = { text, clientToken: crypto.randomUUID() };
    setIsBusy(true);
    setRefusal(undefined);
    const { clientToken } = sent.current;
    const answer = await ask<Created>('create-shop', { body: { ...wanted, clientToken } });
    setIsBusy(false);
    if (!answer.ok) return setRefusal(answer.refusal);
    announce('The shop is created.');
    onCreated(answer.value);
  };

  return (
    <Page title="New shop" lead="The next page shows its API key, once.">
      <form class="card stack narrow" onSubmit={(event) => void submit(event)}>
        {refusal !== undefined && <RefusalBox refusal={refusal} />}
        <Field label="Address" hint="Where its pages are; a path is dropped">
          {(ids) => (
            <input
              {...ids}
              name="url"
              inputmode="url"
              required
              autocomplete="off"
              spellcheck={false}
              placeholder="https://shop.example.com"
            />
          )}
        </Field>
        <Field label="Name" hint="What people call it; may be left empty">
          {(ids) => <input {...ids} name="name" autocomplete="off" maxlength={limits.maxShopNameChars} />}
        </Field>
        <label class="check">
          <input type="checkbox" name="sibling" defaultChecked />
          <span>
            Allow its <code>www.</code> sibling, too
          </span>
        </label>
        <Field
          label="More origins"
          hint={
            <>
              One a line; sub-domains as <code>https://*.example.com</code>
            </>
          }
        >
          {(ids) => <textarea {...ids} name="origins" rows={3} spellcheck={false} class="mono" />}
        </Field>
        <AppCheck />
        <label class="check">
          <input type="checkbox" name="requireOrigin" />
          <span>
            Refuse calls without an <code>Origin</code> header
            <span class="hint">Servers and pages of the gate’s own origin send none</span>
          </span>
        </label>
        <div class="actions">
          <Button type="submit" tone="primary" isBusy={isBusy}>
            Create the shop
          </Button>
          <a class="button quiet" href={hrefOf(['shops'])}>
            Cancel
          </a>
        </div>
      </form>
    </Page>
  );
}
