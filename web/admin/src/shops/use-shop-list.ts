import { useEffect, useRef, useState } from 'preact/hooks';
import { limits } from '#contract/limits.ts';
import { ask } from '../api/ask.ts';
import type { Refusal } from '../api/call.ts';
import type { ListedShop, ShopPage } from '../api/views.ts';
import { keepAnswer, recallAnswer } from '../state/answers.ts';

export interface ShopList {
  /** Absent: no page was loaded yet. */
  readonly page: ShopPage | undefined;
  readonly isLoading: boolean;
  readonly refusal: Refusal | undefined;
  reload(): void;
  /** Loads more: one page, or all. */
  readOn(all: boolean): void;
}

const KEY = 'shops';

/** The shops, page by page; those of the last visit are shown immediately. */
export function useShopList(): ShopList {
  const [page, setPage] = useState(() => recallAnswer<ShopPage>(KEY));
  const [isLoading, setIsLoading] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const isThere = useRef(true);

  const read = async (before: readonly ListedShop[], from: string | undefined, all: boolean): Promise<void> => {
    setIsLoading(true);
    setRefusal(undefined);
    let shops = before;
    let cursor = from;
    do {
      const query = { limit: limits.maxShopsPerPage, ...(cursor !== undefined && { cursor }) };
      const answer = await ask('list-shops', query);
      if (!isThere.current) return;
      if (!answer.ok) {
        setRefusal(answer.refusal);
        break;
      }
      shops = [...shops, ...answer.value.shops];
      cursor = answer.value.cursor;
      const next = { shops, ...(cursor !== undefined && { cursor }) };
      keepAnswer(KEY, next);
      setPage(next);
    } while (all && cursor !== undefined);
    setIsLoading(false);
  };

  useEffect(() => {
    isThere.current = true;
    void read([], undefined, false);
    return () => {
      isThere.current = false;
    };
  }, []);

  return {
    page,
    isLoading,
    refusal,
    reload: () => void read([], undefined, false),
    readOn: (all) => {
      if (!isLoading && page?.cursor !== undefined) void read(page.shops, page.cursor, all);
    },
  };
}
