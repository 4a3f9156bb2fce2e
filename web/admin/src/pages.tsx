import { AuditPage } from './audit/audit-page.tsx';
import { ExplainPage } from './audit/explain-page.tsx';
import { Empty } from './parts/empty.tsx';
import { Page } from './parts/page.tsx';
import { RevocationsPage } from './revocations/revocations-page.tsx';
import { hrefOf } from './route/route.ts';
import { NewServiceKeyPage } from './service-keys/new-service-key-page.tsx';
import { ServiceKeyPage } from './service-keys/service-key-page.tsx';
import { ServiceKeysPage } from './service-keys/service-keys-page.tsx';
import { NewShopPage } from './shops/new-shop-page.tsx';
import { ShopPage } from './shops/shop-page.tsx';
import { ShopsPage } from './shops/shops-page.tsx';
import { StatusPage } from './status/status-page.tsx';

/** The page of a route. Input is not carried over to another page of the same kind. */
export function PageOf({ path }: { readonly path: readonly string[] }) {
  const [place = 'shops', id, part, ...rest] = path;
  if (rest.length > 0) return <NoSuchPage />;
  const isList = id === undefined;
  switch (place) {
    case 'shops':
      if (id === undefined) return <ShopsPage />;
      if (id === 'new' && part === undefined) return <NewShopPage />;
      return <ShopPage key={id} shopId={id} part={part} />;
    case 'service-keys':
      if (part !== undefined) return <NoSuchPage />;
      if (id === undefined) return <ServiceKeysPage />;
      return id === 'new' ? <NewServiceKeyPage /> : <ServiceKeyPage key={id} keyId={id} />;
    case 'revocations':
      return isList ? <RevocationsPage /> : <NoSuchPage />;
    case 'audit':
      return isList ? <AuditPage /> : <NoSuchPage />;
    case 'explain':
      return part === undefined ? <ExplainPage key={id} requestId={id} /> : <NoSuchPage />;
    case 'status':
      return isList ? <StatusPage /> : <NoSuchPage />;
    default:
      return <NoSuchPage />;
  }
}

const NoSuchPage = () => (
  <Page title="No such page">
    <Empty title="There is no page at this address.">
      <a href={hrefOf(['shops'])}>Go to the shops</a>
    </Empty>
  </Page>
);
