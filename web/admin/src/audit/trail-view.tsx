import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Empty } from '../parts/empty.tsx';
import { moveAmongRows } from '../parts/form.ts';
import { RefusalBox } from '../parts/refusal-box.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { hrefOf } from '../route/route.ts';
import { REFUSED } from './audit-query.ts';
import { EntryView } from './entry-view.tsx';
import { type Trail, useTrail } from './use-trail.ts';

interface TrailViewProps {
  readonly trail: Trail;
  /** What to try if nothing was found. */
  readonly ifEmpty: ComponentChildren;
  /** All entries are of one shop, so its name is not shown. */
  readonly isOfOneShop?: boolean;
}

export function TrailView({ trail, ifEmpty, isOfOneShop = false }: TrailViewProps) {
  const { entries, hasMore, isLoading, refusal, readOn, reload } = trail;
  const isEmpty = entries?.length === 0 && !isLoading;
  return (
    <>
      {refusal !== undefined && <RefusalBox refusal={refusal} onRetry={reload} />}
      {entries === undefined && refusal === undefined && <Skeleton rows={8} />}
      {isEmpty && !hasMore && <Empty title="No entries found.">{ifEmpty}</Empty>}
      {entries !== undefined && entries.length > 0 && (
        <ol class="trail" onKeyDown={moveAmongRows}>
          {entries.map((entry) => (
            <EntryView key={entry.id} entry={entry} isOfOneShop={isOfOneShop} />
          ))}
        </ol>
      )}
      {entries !== undefined && (entries.length > 0 || hasMore) && (
        <div class="list-foot">
          <p role="status">
            {entries.length} {entries.length === 1 ? 'entry' : 'entries'}
            {hasMore && ' so far'}
          </p>
          {hasMore && (
            <Button isBusy={isLoading} onClick={readOn}>
              Load more
            </Button>
          )}
        </div>
      )}
    </>
  );
}

/** The changes of a shop, or its refused calls. */
export function ShopTrail({ shopId }: { readonly shopId: string }) {
  const [isRefused, setIsRefused] = useState(false);
  const filters = { shop: shopId, ...(isRefused && { action: REFUSED }) };
  const trail = useTrail(filters);
  const kind = (words: string, refused: boolean) => (
    <label class="choice">
      <input type="radio" name="kind" checked={isRefused === refused} onChange={() => setIsRefused(refused)} />
      {words}
    </label>
  );
  return (
    <Card
      title="Activity"
      lead="Last month"
      actions={<a href={hrefOf(['audit'], filters)}>Search in the audit trail</a>}
    >
      <fieldset class="choices">
        <legend class="visually-hidden">What to show</legend>
        {kind('Changes', false)}
        {kind('Refused calls', true)}
      </fieldset>
      <TrailView
        trail={trail}
        isOfOneShop
        ifEmpty={isRefused ? 'No refused calls of this shop.' : 'No changes to this shop.'}
      />
    </Card>
  );
}
