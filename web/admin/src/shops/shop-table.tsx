import type { ListedShop, ShopView } from '../api/views.ts';
import { Badge } from '../parts/badge.tsx';
import { Moment } from '../parts/moment.tsx';
import { moveAmongRows } from '../parts/rows.ts';
import { hrefOf } from '../route/route.ts';
import { nameOf } from './filter-shops.ts';
import { ShopState } from './shop-state.tsx';

/** More rows than anybody reads; the filter finds the others. */
const MAX_ROWS = 500;

export const ShopTable = ({ shops }: { readonly shops: readonly ListedShop[] }) => (
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
    <Badge tone="danger">Record can’t be read</Badge>
  </td>
);
