import { Page } from '../parts/page.tsx';
import { useRoute } from '../route/location.ts';
import { hrefOf } from '../route/route.ts';
import { AuditFilterForm } from './audit-filters.tsx';
import { REFUSED, readFilters } from './audit-query.ts';
import { TrailView } from './trail-view.tsx';
import { useTrail } from './use-trail.ts';

export function AuditPage() {
  const filters = readFilters(useRoute().query);
  const trail = useTrail(filters);
  const ofOneShop = filters.shop !== undefined && filters.action !== REFUSED ? filters.shop : undefined;
  return (
    <Page title="Audit" lead="Who did what, newest first, and which calls were refused. A month back, if not told.">
      <AuditFilterForm key={JSON.stringify(filters)} filters={filters} />
      {ofOneShop !== undefined && (
        <p class="hint">
          Calls that the gate refused to this shop stand apart:{' '}
          <a href={hrefOf(['audit'], { shop: ofOneShop, action: REFUSED })}>show them</a>.
        </p>
      )}
      <TrailView
        trail={trail}
        ifEmpty="No entry fits all filters at once. Take one away, or look further back with “From”."
      />
    </Page>
  );
}
