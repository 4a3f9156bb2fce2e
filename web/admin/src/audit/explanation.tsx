import type { ExplainedRequest } from '../api/views.ts';
import { CodeBlock } from '../parts/code-block.tsx';
import { RefusalBox } from '../parts/refusal-box.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import type { Loaded } from '../state/use-loaded.ts';
import { refusalWords } from '../words/refusals.ts';
import { EntryView } from './entry-view.tsx';

interface ExplanationProps {
  readonly requestId: string;
  readonly loaded: Loaded<ExplainedRequest>;
}

export function Explanation({ requestId, loaded }: ExplanationProps) {
  const { value, refusal, isLoading, reload } = loaded;
  if (refusal?.code === 'request_not_found') return <NotInTrail requestId={requestId} />;
  if (refusal !== undefined) return <RefusalBox refusal={refusal} onRetry={reload} />;
  if (value === undefined || isLoading) return <Skeleton rows={3} />;
  const { entry, why, remedy } = value;
  return (
    <>
      {entry.code === 'done' && <p class="notice good">This call was carried out.</p>}
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

/** The logs know every call. */
const NotInTrail = ({ requestId }: { readonly requestId: string }) => (
  <>
    <p class="notice warning">{refusalWords.request_not_found}</p>
    <p>The logs have every call. In CloudWatch, Logs Insights, over the log groups of this gate:</p>
    <CodeBlock
      what="the query"
      code={`fields @timestamp, @message\n| filter requestId = "${requestId}"\n| sort @timestamp`}
    />
  </>
);
