import { useState } from 'preact/hooks';
import { Card } from '../parts/card.tsx';
import { hrefOf } from '../route/route.ts';
import { REFUSED } from './audit-query.ts';
import { TrailView } from './trail-view.tsx';
import { useTrail } from './use-trail.ts';

/** What happened to a shop, or which of its calls were refused. */
export function ShopTrail({ shopId }: { readonly shopId: string }) {
  const [isRefused, setIsRefused] = useState(false);
  const filters = { shop: shopId, ...(isRefused && { action: REFUSED }) };
  const trail = useTrail(filters);
  const kind = (words: string, refused: boolean) => (
    <label class="choice">
      <input type="radio" name="kind" checked={isRefused === refused} onChange={() => setIsRefused(refused)} />
      {words}
    </label>
  );
  return (
    <Card
      title="Activity"
      lead="Of the last month"
      actions={<a href={hrefOf(['audit'], filters)}>Search in the audit trail</a>}
    >
      <fieldset class="choices">
        <legend class="visually-hidden">What to show</legend>
        {kind('Changes', false)}
        {kind('Refused calls', true)}
      </fieldset>
      <TrailView
        trail={trail}
        isOfOneShop
        ifEmpty={isRefused ? 'No call of this shop was refused.' : 'Nobody changed this shop.'}
      />
    </Card>
  );
}
