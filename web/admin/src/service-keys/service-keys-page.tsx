import type { ListedServiceKey } from '../api/views.ts';
import { Empty } from '../parts/empty.tsx';
import { FilterBox } from '../parts/filter-box.tsx';
import { Page } from '../parts/page.tsx';
import { RefusalBox } from '../parts/refusal-box.tsx';
import { moveAmongRows } from '../parts/rows.ts';
import { Skeleton } from '../parts/skeleton.tsx';
import { goTo, refine, useRoute } from '../route/location.ts';
import { hrefOf } from '../route/route.ts';
import { nowSeconds } from '../words/moments.ts';
import { ServiceKeyTable } from './service-key-table.tsx';
import { sortKeys, useServiceKeys } from './use-service-keys.ts';

const NEW = hrefOf(['service-keys', 'new']);

const wordsOf = (key: ListedServiceKey): string =>
  'corrupt' in key
    ? key.keyId
    : [key.keyId, key.label, key.purpose, ...key.allowedOrigins, ...(key.appIds ?? [])].join(' ');

export function ServiceKeysPage() {
  const text = useRoute().query.get('filter') ?? '';
  const { value, refusal, reload } = useServiceKeys();
  const all = sortKeys(value?.serviceKeys ?? [], nowSeconds());
  const found = all.filter((key) => wordsOf(key).toLowerCase().includes(text.trim().toLowerCase()));
  const first = found[0];
  const add = (
    <a class="button primary" href={NEW} data-new>
      New service key
    </a>
  );
  return (
    <Page
      title="Service keys"
      lead="Keys of customers’ servers and of developers. What they open is the analytics API and the data router."
      actions={add}
    >
      <search onKeyDown={moveAmongRows}>
        <FilterBox
          label="Filter by label, key id, origin or app"
          text={text}
          onText={(next) => refine(hrefOf(['service-keys'], { filter: next }))}
          onEnter={() => first !== undefined && goTo(hrefOf(['service-keys', first.keyId]))}
        />
      </search>
      {refusal !== undefined && <RefusalBox refusal={refusal} onRetry={reload} />}
      {value === undefined && refusal === undefined && <Skeleton rows={6} />}
      {value !== undefined && all.length === 0 && (
        <Empty title="No service key yet.">
          A portal’s server needs one to get tokens for its users. <a href={NEW}>Add the first one</a>.
        </Empty>
      )}
      {found.length > 0 && <ServiceKeyTable keys={found} />}
      {all.length > 0 && (
        <p class="list-foot" role="status">
          {found.length === all.length ? all.length : `${found.length} of ${all.length}`}{' '}
          {all.length === 1 ? 'service key' : 'service keys'}
        </p>
      )}
    </Page>
  );
}
