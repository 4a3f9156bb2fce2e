import { useState } from 'preact/hooks';
import type { RegistrationNotes } from '#contract/admin-api.ts';
import { limits } from '#contract/limits.ts';
import type { Refusal } from '../api/call.ts';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Field } from '../parts/field.tsx';
import { readForm } from '../parts/form.ts';
import { RefusalBox } from '../parts/refusal-box.tsx';
import { StoredAs } from '../parts/registration-notes.tsx';
import { announce } from '../state/announce.ts';
import { changeOpenShop, type OpenShop, reloadIfChanged } from './open-shop.ts';

/** The name and the address of a shop. */
export function DetailsCard(open: OpenShop) {
  const [refusal, setRefusal] = useState<Refusal>();
  const [notes, setNotes] = useState<RegistrationNotes>({});
  const [isBusy, setIsBusy] = useState(false);
  const { shop } = open;

  const submit = async (event: SubmitEvent): Promise<void> => {
    const form = readForm(event);
    const [name, url] = [form.get('name') ?? '', form.get('url') ?? ''];
    const changed = {
      ...(name !== '' && name !== shop.name && { name }),
      ...(url !== shop.url && { url, moveOrigins: form.has('moveOrigins') }),
    };
    if (isBusy || Object.keys(changed).length === 0) return;
    setIsBusy(true);
    setRefusal(undefined);
    const answer = await changeOpenShop('set-switches', shop, changed);
    setIsBusy(false);
    if (!answer.ok) {
      setRefusal(answer.refusal);
      return reloadIfChanged(answer.refusal, open);
    }
    const { normalized, warnings: _none, ...stored } = answer.value;
    setNotes(normalized === undefined ? {} : { normalized });
    open.replace(stored);
    announce('Saved.');
  };

  return (
    <Card title="Details">
      <form class="stack narrow" key={shop.version} onSubmit={(event) => void submit(event)}>
        <Field label="Name" hint="A name for people">
          {(ids) => (
            <input
              {...ids}
              name="name"
              autocomplete="off"
              maxlength={limits.maxShopNameChars}
              defaultValue={shop.name ?? ''}
            />
          )}
        </Field>
        <Field label="Address" hint="The address of its pages; a path is dropped">
          {(ids) => (
            <input
              {...ids}
              name="url"
              inputmode="url"
              required
              autocomplete="off"
              spellcheck={false}
              defaultValue={shop.url}
            />
          )}
        </Field>
        <label class="check">
          <input type="checkbox" name="moveOrigins" />
          <span>
            Replace the origins of the old address
            <span class="hint">If the address changes. Otherwise the origins remain unchanged.</span>
          </span>
        </label>
        <div class="actions">
          <Button type="submit" isBusy={isBusy}>
            Save
          </Button>
        </div>
        {refusal !== undefined && <RefusalBox refusal={refusal} />}
        <StoredAs {...notes} />
      </form>
    </Card>
  );
}
