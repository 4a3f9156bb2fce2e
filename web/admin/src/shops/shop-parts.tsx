import { ShopTrail } from '../audit/shop-trail.tsx';
import { Card } from '../parts/card.tsx';
import { Snippets } from '../snippets/snippets-view.tsx';
import { DeleteCard } from './delete-card.tsx';
import { DetailsCard } from './details-card.tsx';
import { KeysCard } from './keys-card.tsx';
import { OriginTester } from './origin-tester.tsx';
import { OriginsCard } from './origins-card.tsx';
import type { OpenShop } from './shop-page.tsx';
import { SwitchesCard } from './switches-card.tsx';
import { TokenExplainer } from './token-explainer.tsx';
import { TokensCard } from './tokens-card.tsx';

export const OverviewPart = (open: OpenShop) => (
  <>
    <KeysCard {...open} />
    <SwitchesCard {...open} />
    <DetailsCard {...open} />
    {open.shop.disabled && <DeleteCard {...open} />}
  </>
);

export const OriginsPart = (open: OpenShop) => (
  <>
    <OriginsCard {...open} />
    <OriginTester shop={open.shop} />
  </>
);

export const TokensPart = (open: OpenShop) => (
  <>
    <TokenExplainer shop={open.shop} />
    <TokensCard {...open} />
  </>
);

export const IntegratePart = ({ shop }: OpenShop) => (
  <Card
    title="Put the widget into the shop"
    lead="Each piece keeps its token for 23 hours and reads the key from the environment."
  >
    <Snippets shopId={shop.shopId} />
  </Card>
);

export const ActivityPart = ({ shop }: OpenShop) => <ShopTrail shopId={shop.shopId} />;
