import { useEffect, useRef, useState } from 'preact/hooks';
import { ask } from '../api/ask.ts';
import type { Refusal } from '../api/call.ts';
import type { AuditEntryView } from '../api/views.ts';
import { type AuditFilters, auditQueryOf } from './audit-query.ts';

export interface Trail {
  /** Absent: no page was loaded yet. */
  readonly entries: readonly AuditEntryView[] | undefined;
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly refusal: Refusal | undefined;
  readOn(): void;
  reload(): void;
}

const NOTHING = { entries: undefined, cursor: undefined } as const;
/** A page may be empty although more follow: at most this many are loaded per request of the user. */
const MAX_EMPTY_PAGES = 8;

interface Read {
  readonly entries: readonly AuditEntryView[] | undefined;
  readonly cursor: string | undefined;
}

/** The trail, newest first, page by page. */
export function useTrail(filters: AuditFilters): Trail {
  const [read, setRead] = useState<Read>(NOTHING);
  const [isLoading, setIsLoading] = useState(true);
  const [refusal, setRefusal] = useState<Refusal>();
  /** Responses to an earlier query are ignored. */
  const question = useRef(0);
  const query = auditQueryOf(filters);

  const readOn = async (before: Read): Promise<void> => {
    question.current += 1;
    const mine = question.current;
    setIsLoading(true);
    setRefusal(undefined);
    let { entries = [], cursor } = before;
    for (let page = 0; page < MAX_EMPTY_PAGES; page += 1) {
      const answer = await ask('query-audit', { ...query, ...(cursor && { cursor }) });
      if (question.current !== mine) return;
      if (!answer.ok) {
        setRefusal(answer.refusal);
        break;
      }
      entries = [...entries, ...answer.value.entries];
      cursor = answer.value.cursor;
      setRead({ entries, cursor });
      if (cursor === undefined || answer.value.entries.length > 0) break;
    }
    setIsLoading(false);
  };

  useEffect(() => {
    setRead(NOTHING);
    void readOn(NOTHING);
    return () => {
      question.current += 1;
    };
  }, [JSON.stringify(query)]);

  return {
    entries: read.entries,
    hasMore: read.cursor !== undefined,
    isLoading,
    refusal,
    readOn: () => void (isLoading || readOn(read)),
    reload: () => void readOn(NOTHING),
  };
}
