import type { ComponentChildren } from 'preact';
import { Button } from '../parts/button.tsx';
import { Empty } from '../parts/empty.tsx';
import { RefusalBox } from '../parts/refusal-box.tsx';
import { moveAmongRows } from '../parts/rows.ts';
import { Skeleton } from '../parts/skeleton.tsx';
import { EntryView } from './entry-view.tsx';
import type { Trail } from './use-trail.ts';

interface TrailViewProps {
  readonly trail: Trail;
  /** What to try where nothing was found. */
  readonly ifEmpty: ComponentChildren;
  /** All entries are of one shop, which need not be named. */
  readonly isOfOneShop?: boolean;
}

export function TrailView({ trail, ifEmpty, isOfOneShop = false }: TrailViewProps) {
  const { entries, hasMore, isLoading, refusal, readOn, reload } = trail;
  const isEmpty = entries?.length === 0 && !isLoading;
  return (
    <>
      {refusal !== undefined && <RefusalBox refusal={refusal} onRetry={reload} />}
      {entries === undefined && refusal === undefined && <Skeleton rows={8} />}
      {isEmpty && !hasMore && <Empty title="Nothing found.">{ifEmpty}</Empty>}
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
              Read on
            </Button>
          )}
        </div>
      )}
    </>
  );
}
