import type { ShopPage } from '../api/views.ts';
import { Button } from '../parts/button.tsx';
import type { ShopList } from './use-shop-list.ts';

interface MoreShopsProps {
  readonly list: ShopList;
  readonly page: ShopPage;
  readonly found: number;
  readonly text: string;
}

/** How many there are below the filter, and the way to the others. */
export function MoreShops({ list, page, found, text }: MoreShopsProps) {
  const { isLoading, readOn } = list;
  const isFiltered = text.trim() !== '';
  const read = `${page.shops.length}${page.cursor === undefined ? '' : ' read so far'}`;
  return (
    <div class="list-foot">
      <p role="status">
        {isFiltered ? `${found} of ${read}` : `${page.shops.length} ${page.shops.length === 1 ? 'shop' : 'shops'}`}
        {isFiltered && found === 0 && page.cursor === undefined && ': no shop has that in its address, origins or id.'}
      </p>
      {page.cursor !== undefined && (
        <div class="actions">
          <Button isBusy={isLoading} onClick={() => readOn(false)}>
            Read 100 more
          </Button>
          {isFiltered && (
            <Button isBusy={isLoading} onClick={() => readOn(true)}>
              Search all shops
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
