import { useState } from 'preact/hooks';
import { ask } from '../api/ask.ts';
import type { Answer } from '../api/call.ts';
import type { ExplainedToken, ShopView } from '../api/views.ts';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Definitions } from '../parts/definitions.tsx';
import { Field } from '../parts/field.tsx';
import { readForm } from '../parts/form.ts';
import { Moment } from '../parts/moment.tsx';
import { RefusalBox } from '../parts/refusal-box.tsx';

/** Explain why a token is or is not accepted. */
export function TokenExplainer({ shop: { shopId, version } }: { readonly shop: ShopView }) {
  const [explained, setExplained] = useState<{ version: number; answer: Answer<ExplainedToken> }>();
  const [isBusy, setIsBusy] = useState(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    const form = readForm(event);
    if (isBusy) return;
    const origin = form.get('origin') ?? '';
    const asked = { token: form.get('token') ?? '', ...(origin !== '' && { origin }) };
    setIsBusy(true);
    const answer = await ask('explain-token', { shopId, ...asked });
    setExplained({ version, answer });
    setIsBusy(false);
  };
  // An explanation for an earlier state of the shop is not shown.
  const answer = explained?.version === version ? explained.answer : undefined;
  return (
    <Card title="Explain a token" lead="Shows whether a widget token is accepted now, and if not, what to do.">
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <Field label="Widget token" hint="From the page's data-token or the X-Widget-Token header">
          {(ids) => (
            <textarea {...ids} name="token" rows={2} class="mono" spellcheck={false} autocomplete="off" required />
          )}
        </Field>
        <Field label="Origin of the page" hint="Optional">
          {(ids) => <input {...ids} name="origin" class="mono" spellcheck={false} autocomplete="off" />}
        </Field>
        <div class="actions">
          <Button type="submit" isBusy={isBusy}>
            Explain
          </Button>
        </div>
      </form>
      <div aria-live="polite">
        {answer?.ok === true && <Explained {...answer.value} />}
        {answer?.ok === false && <RefusalBox refusal={answer.refusal} />}
      </div>
    </Card>
  );
}

function Explained({ valid, reason, hint, why, remedy, issuedAt, expiresAt, keyId }: ExplainedToken) {
  const facts = [
    ['Reason', <code key="reason">{reason}</code>] as const,
    ...(issuedAt === null ? [] : [['Stamped', <Moment key="issued" at={issuedAt} />] as const]),
    ...(expiresAt === null ? [] : [['Expires', <Moment key="expires" at={expiresAt} />] as const]),
    ...(keyId === null ? [] : [['Signed by key', <code key="key">{keyId}</code>] as const]),
  ];
  return (
    <div class={`notice ${valid ? 'good' : 'warning'}`}>
      <p>
        <strong>{valid ? 'Accepted.' : 'Refused.'}</strong> {hint} {why} {remedy}
      </p>
      <Definitions facts={facts} />
    </div>
  );
}
