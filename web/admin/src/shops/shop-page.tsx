import type { ComponentChildren } from 'preact';
import { ask } from '../api/ask.ts';
import type { ShopView } from '../api/views.ts';
import { Card } from '../parts/card.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { Empty } from '../parts/empty.tsx';
import { Page } from '../parts/page.tsx';
import { RefusalBox } from '../parts/refusal-box.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { hrefOf } from '../route/route.ts';
import { useLoaded } from '../state/use-loaded.ts';
import { nameOf } from './filter-shops.ts';
import { ActivityPart, IntegratePart, OriginsPart, OverviewPart, TokensPart } from './shop-parts.tsx';
import { ShopState } from './shop-state.tsx';

/** A shop as it is, and how to take over what a change made of it. */
export interface OpenShop {
  readonly shop: ShopView;
  replace(shop: ShopView): void;
  reload(): void;
}

const PARTS: readonly (readonly [string | undefined, string, (open: OpenShop) => ComponentChildren])[] = [
  [undefined, 'Overview', OverviewPart],
  ['origins', 'Origins', OriginsPart],
  ['tokens', 'Tokens', TokensPart],
  ['integrate', 'Integrate', IntegratePart],
  ['activity', 'Activity', ActivityPart],
];

export function ShopPage({ shopId, part }: { readonly shopId: string; readonly part: string | undefined }) {
  const {
    value: shop,
    refusal,
    reload,
    replace,
  } = useLoaded<ShopView>(`shop ${shopId}`, () => ask<ShopView>('show-shop', { path: { shopId } }));
  const Part = PARTS.find(([name]) => name === part)?.[2];
  const id = (
    <span class="id">
      <code>{shopId}</code>
      <CopyButton text={shopId} what="the shop id" />
      {shop !== undefined && <ShopState shop={shop} />}
    </span>
  );
  return (
    <Page title={shop === undefined ? shopId : nameOf(shop)} lead={id}>
      <nav class="parts" aria-label="Shop">
        <ul>
          {PARTS.map(([name, words]) => (
            <li key={words}>
              <a
                href={hrefOf(name === undefined ? ['shops', shopId] : ['shops', shopId, name])}
                aria-current={name === part ? 'page' : undefined}
              >
                {words}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {refusal !== undefined && <RefusalBox refusal={refusal} onRetry={reload} />}
      {shop === undefined && refusal === undefined && (
        <Card title="Loading">
          <Skeleton rows={5} />
        </Card>
      )}
      {Part === undefined && <Empty title="A shop has no such page.">Choose one above.</Empty>}
      {shop !== undefined && Part !== undefined && <Part key={part} shop={shop} replace={replace} reload={reload} />}
    </Page>
  );
}
