import { Empty } from '../parts/empty.tsx';
import { FilterBox } from '../parts/filter-box.tsx';
import { Page } from '../parts/page.tsx';
import { RefusalBox } from '../parts/refusal-box.tsx';
import { moveAmongRows } from '../parts/rows.ts';
import { Skeleton } from '../parts/skeleton.tsx';
import { goTo, refine, useRoute } from '../route/location.ts';
import { hrefOf } from '../route/route.ts';
import { filterShops } from './filter-shops.ts';
import { MoreShops } from './more-shops.tsx';
import { ShopTable } from './shop-table.tsx';
import { useShopList } from './use-shop-list.ts';

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
      lead="Whoever embeds your widget: one shop each, with its key and its origins."
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
        <Empty title="No shop yet.">
          A shop is one embedder of your widget. <a href={NEW}>Create the first one</a>: it takes an address, and gives
          you the API key for the shop’s server.
        </Empty>
      )}
      {found.length > 0 && <ShopTable shops={found} />}
      {page !== undefined && page.shops.length > 0 && (
        <MoreShops list={list} page={page} found={found.length} text={text} />
      )}
    </Page>
  );
}
