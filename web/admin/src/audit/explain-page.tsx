import { ask } from '../api/ask.ts';
import type { ExplainedRequest } from '../api/views.ts';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Field } from '../parts/field.tsx';
import { readForm } from '../parts/form.ts';
import { Page } from '../parts/page.tsx';
import { goTo } from '../route/location.ts';
import { hrefOf } from '../route/route.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { Explanation } from './explanation.tsx';

/** Why a call was refused, or what became of it, by the request id in its answer. */
export function ExplainPage({ requestId }: { readonly requestId: string | undefined }) {
  const submit = (event: SubmitEvent): void => {
    const wanted = readForm(event).get('requestId') ?? '';
    if (wanted !== '') goTo(hrefOf(['explain', wanted]));
  };
  return (
    <Page
      title="Explain a call"
      lead="Every answer of the gate carries a request id: in the body of a refusal, and in the header X-Request-Id."
    >
      <search>
        <form class="line" onSubmit={submit}>
          <Field label="Request id">
            {(ids) => (
              <input
                {...ids}
                name="requestId"
                class="mono"
                autocomplete="off"
                spellcheck={false}
                required
                pattern="[\w\-]{1,64}"
                title="Letters, digits, _ and -"
                data-filter
                defaultValue={requestId ?? ''}
              />
            )}
          </Field>
          <Button type="submit" tone="primary">
            Explain
          </Button>
        </form>
      </search>
      {requestId !== undefined && <Explained requestId={requestId} />}
    </Page>
  );
}

function Explained({ requestId }: { readonly requestId: string }) {
  const loaded = useLoaded<ExplainedRequest>(`explain ${requestId}`, () =>
    ask<ExplainedRequest>('explain-request', { path: { requestId } }),
  );
  return (
    <Card title={`Request ${requestId}`}>
      <div aria-live="polite">
        <Explanation requestId={requestId} loaded={loaded} />
      </div>
    </Card>
  );
}
