import { ask } from '../api/ask.ts';
import type { ExplainedRequest } from '../api/views.ts';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { CodeBlock } from '../parts/code-block.tsx';
import { Field } from '../parts/field.tsx';
import { readForm } from '../parts/form.ts';
import { Page } from '../parts/page.tsx';
import { RefusalBox } from '../parts/refusal-box.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { goTo, hrefOf } from '../route/route.ts';
import { type Loaded, useLoaded } from '../state/use-loaded.ts';
import { refusalWords } from '../words/refusals.ts';
import { EntryView } from './entry-view.tsx';

interface ExplanationProps {
  readonly requestId: string;
  readonly loaded: Loaded<ExplainedRequest>;
}

function Explanation({ requestId, loaded }: ExplanationProps) {
  const { value, refusal, isLoading, reload } = loaded;
  if (refusal?.code === 'request_not_found') return <NotInTrail requestId={requestId} />;
  if (refusal !== undefined) return <RefusalBox refusal={refusal} onRetry={reload} />;
  if (value === undefined || isLoading) return <Skeleton rows={3} />;
  const { entry, why, remedy } = value;
  return (
    <>
      {entry.code === 'done' && <p class="notice good">This call was successful.</p>}
      {why !== undefined && (
        <p class="notice warning">
          <strong>{why}</strong> {remedy}
        </p>
      )}
      <ol class="trail">
        <EntryView entry={entry} isOpen />
      </ol>
    </>
  );
}

/** The logs contain every call. */
const NotInTrail = ({ requestId }: { readonly requestId: string }) => (
  <>
    <p class="notice warning">{refusalWords.request_not_found}</p>
    <p>The logs contain every call. Run this query in CloudWatch Logs Insights, over the log groups of this gate:</p>
    <CodeBlock
      what="the query"
      code={`fields @timestamp, @message\n| filter requestId = "${requestId}"\n| sort @timestamp`}
    />
  </>
);

/** Explains why a call was refused, or shows its result, by the request id in its response. */
export function ExplainPage({ requestId }: { readonly requestId: string | undefined }) {
  const submit = (event: SubmitEvent): void => {
    const wanted = readForm(event).get('requestId') ?? '';
    if (wanted !== '') goTo(hrefOf(['explain', wanted]));
  };
  return (
    <Page
      title="Explain a call"
      lead="Every response of the gate has a request id: in the body of a refusal, and in the header X-Request-Id."
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
  const loaded = useLoaded<ExplainedRequest>(`explain ${requestId}`, () => ask('explain-request', { requestId }));
  return (
    <Card title={`Request ${requestId}`}>
      <div aria-live="polite">
        <Explanation requestId={requestId} loaded={loaded} />
      </div>
    </Card>
  );
}
