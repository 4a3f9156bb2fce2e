import type { ListedShop, ShopPage, ShopView } from '../api/views.ts';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { Empty } from '../parts/empty.tsx';
import { FilterBox } from '../parts/filter-box.tsx';
import { moveAmongRows } from '../parts/form.ts';
import { Moment } from '../parts/moment.tsx';
import { Page } from '../parts/page.tsx';
import { RefusalBox } from '../parts/refusal-box.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { goTo, hrefOf, refine, useRoute } from '../route/route.ts';
import { filterShops, nameOf } from './filter-shops.ts';
import { ShopState } from './shop-state.tsx';
import { type ShopList, useShopList } from './use-shop-list.ts';

interface MoreShopsProps {
  readonly list: ShopList;
  readonly page: ShopPage;
  readonly found: number;
  readonly text: string;
}

/** The number of matching shops, and a way to load more. */
function MoreShops({ list, page, found, text }: MoreShopsProps) {
  const { isLoading, readOn } = list;
  const isFiltered = text.trim() !== '';
  const read = `${page.shops.length}${page.cursor === undefined ? '' : ' loaded so far'}`;
  return (
    <div class="list-foot">
      <p role="status">
        {isFiltered ? `${found} of ${read}` : `${page.shops.length} ${page.shops.length === 1 ? 'shop' : 'shops'}`}
        {isFiltered &&
          found === 0 &&
          page.cursor === undefined &&
          ': no shop has this text in its address, origins or id.'}
      </p>
      {page.cursor !== undefined && (
        <div class="actions">
          <Button isBusy={isLoading} onClick={() => readOn(false)}>
            Load 100 more
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

/** More rows than a user reads; the filter finds the others. */
const MAX_ROWS = 500;

const ShopTable = ({ shops }: { readonly shops: readonly ListedShop[] }) => (
  <table class="list" onKeyDown={moveAmongRows}>
    <thead>
      <tr>
        <th scope="col">Shop</th>
        <th scope="col">State</th>
        <th scope="col" class="number">
          Origins
        </th>
        <th scope="col">Created</th>
      </tr>
    </thead>
    <tbody>
      {shops.slice(0, MAX_ROWS).map((shop) => (
        <tr key={shop.shopId}>
          <th scope="row">
            <a href={hrefOf(['shops', shop.shopId])} data-row>
              {nameOf(shop)}
            </a>
            <code class="under">{shop.shopId}</code>
          </th>
          {'corrupt' in shop ? <CorruptCells /> : <ShopCells shop={shop} />}
        </tr>
      ))}
    </tbody>
  </table>
);

const ShopCells = ({ shop }: { readonly shop: ShopView }) => (
  <>
    <td>
      <ShopState shop={shop} />
    </td>
    <td class="number">{shop.origins.length}</td>
    <td>
      <Moment at={shop.createdAt} isShort />
    </td>
  </>
);

const CorruptCells = () => (
  <td colSpan={3}>
    <Badge tone="danger">Unreadable record</Badge>
  </td>
);

const NEW = hrefOf(['shops', 'new']);

export function ShopsPage() {
  const text = useRoute().query.get('filter') ?? '';
  const list = useShopList();
  const { page, refusal, reload } = list;
  const found = page === undefined ? [] : filterShops(page.shops, text);
  const first = found[0];
  const newShop = (
    <a class="button primary" href={NEW} data-new>
      New shop
    </a>
  );
  return (
    <Page
      title="Shops"
      lead="Each customer that embeds your widget is a shop, with its own key and origins."
      actions={newShop}
    >
      <search onKeyDown={moveAmongRows}>
        <FilterBox
          label="Filter by address, origin or shop id"
          text={text}
          onText={(next) => refine(hrefOf(['shops'], { filter: next }))}
          onEnter={() => first !== undefined && goTo(hrefOf(['shops', first.shopId]))}
        />
      </search>
      {refusal !== undefined && <RefusalBox refusal={refusal} onRetry={reload} />}
      {page === undefined && refusal === undefined && <Skeleton rows={8} />}
      {page?.shops.length === 0 && (
        <Empty title="No shops yet.">
          A shop is a customer that embeds your widget. <a href={NEW}>Create the first one</a>: it requires an address
          and returns the API key for the shop's server.
        </Empty>
      )}
      {found.length > 0 && <ShopTable shops={found} />}
      {page !== undefined && page.shops.length > 0 && (
        <MoreShops list={list} page={page} found={found.length} text={text} />
      )}
    </Page>
  );
}
