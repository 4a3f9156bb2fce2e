import { useEffect, useRef, useState } from 'preact/hooks';
import type { RegistrationNotes } from '#contract/admin-api.ts';
import { limits } from '#contract/limits.ts';
import { ask } from '../api/ask.ts';
import type { Refusal } from '../api/call.ts';
import type { NewKey, ShopView } from '../api/views.ts';
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
import { Snippets } from '../snippets/snippets-view.tsx';
import { announce } from '../state/announce.ts';
import { nameOf } from './filter-shops.ts';

/** A new shop: its key, and how to use it. */
function CreatedShop({ apiKey, ...shop }: ShopView & NewKey & RegistrationNotes) {
  const { shopId } = shop;
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => top.current?.closest('main')?.querySelector('h1')?.focus(), []);
  const open = (
    <a class="button" href={hrefOf(['shops', shopId])}>
      Go to the shop
    </a>
  );
  return (
    <Page title={`${nameOf(shop)} is ready`} lead={<code>{shopId}</code>} actions={open}>
      <div ref={top} />
      <StoredAs {...shop} />
      <Card title="API key">
        {apiKey === undefined ? (
          <p class="notice warning">
            The shop was already created by an earlier call. The response with its key was lost. Go to the shop and
            reset its keys to get a new one.
          </p>
        ) : (
          <KeyReveal apiKey={apiKey} place="in the environment of the shop's server, as WIDGET_GATE_SHOP_API_KEY" />
        )}
      </Card>
      <Card
        title="Put the widget into the shop"
        lead="The shop's server gets a token with the key. Its pages show the widget with the token."
      >
        <Snippets shopId={shopId} />
      </Card>
    </Page>
  );
}

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
    // The same form again means the same shop, so a lost response does not lead to a second one.
    if (sent.current.text !== text) sent.current = { text, clientToken: crypto.randomUUID() };
    setIsBusy(true);
    setRefusal(undefined);
    const { clientToken } = sent.current;
    const answer = await ask('create-shop', { ...wanted, clientToken });
    setIsBusy(false);
    if (!answer.ok) return setRefusal(answer.refusal);
    announce('The shop is created.');
    onCreated(answer.value);
  };

  return (
    <Page title="New shop" lead="The next page shows its API key once.">
      <form class="card stack narrow" onSubmit={(event) => void submit(event)}>
        {refusal !== undefined && <RefusalBox refusal={refusal} />}
        <Field label="Address" hint="The address of its pages; a path is dropped">
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
        <Field label="Name" hint="A name for people; optional">
          {(ids) => <input {...ids} name="name" autocomplete="off" maxlength={limits.maxShopNameChars} />}
        </Field>
        <label class="check">
          <input type="checkbox" name="sibling" defaultChecked />
          <span>
            Also allow its <code>www.</code> sibling
          </span>
        </label>
        <Field
          label="More origins"
          hint={
            <>
              One per line; subdomains as <code>https://*.example.com</code>
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
            <span class="hint">Servers and pages of the gate's own origin send no Origin header</span>
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
