import type { ComponentChildren } from 'preact';
import { ask } from '../api/ask.ts';
import type { ShopView } from '../api/views.ts';
import { ShopTrail } from '../audit/trail-view.tsx';
import { Card } from '../parts/card.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { Empty } from '../parts/empty.tsx';
import { Page } from '../parts/page.tsx';
import { RefusalBox } from '../parts/refusal-box.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { hrefOf } from '../route/route.ts';
import { Snippets } from '../snippets/snippets-view.tsx';
import { useLoaded } from '../state/use-loaded.ts';
import { DeleteCard } from './delete-card.tsx';
import { DetailsCard } from './details-card.tsx';
import { nameOf } from './filter-shops.ts';
import { KeysCard } from './keys-card.tsx';
import type { OpenShop } from './open-shop.ts';
import { OriginTester } from './origin-tester.tsx';
import { OriginsCard } from './origins-card.tsx';
import { ShopState } from './shop-state.tsx';
import { SwitchesCard } from './switches-card.tsx';
import { TokenExplainer } from './token-explainer.tsx';
import { TokensCard } from './tokens-card.tsx';

const OverviewPart = (open: OpenShop) => (
  <>
    <KeysCard {...open} />
    <SwitchesCard {...open} />
    <DetailsCard {...open} />
    {open.shop.disabled && <DeleteCard {...open} />}
  </>
);

const OriginsPart = (open: OpenShop) => (
  <>
    <OriginsCard {...open} />
    <OriginTester shop={open.shop} />
  </>
);

const TokensPart = (open: OpenShop) => (
  <>
    <TokenExplainer shop={open.shop} />
    <TokensCard {...open} />
  </>
);

const IntegratePart = ({ shop }: OpenShop) => (
  <Card
    title="Put the widget into the shop"
    lead="Each example keeps its token for 23 hours and reads the key from the environment."
  >
    <Snippets shopId={shop.shopId} />
  </Card>
);

const ActivityPart = ({ shop }: OpenShop) => <ShopTrail shopId={shop.shopId} />;

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
  } = useLoaded<ShopView>(`shop ${shopId}`, () => ask('show-shop', { shopId }));
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
      {Part === undefined && <Empty title="No such page.">Select one above.</Empty>}
      {shop !== undefined && Part !== undefined && <Part key={part} shop={shop} replace={replace} reload={reload} />}
    </Page>
  );
}
