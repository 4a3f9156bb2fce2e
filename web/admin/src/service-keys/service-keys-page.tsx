import type { ListedServiceKey, ServiceKeyView } from '../api/views.ts';
import { Badge } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { FilterBox } from '../parts/filter-box.tsx';
import { moveAmongRows } from '../parts/form.ts';
import { LastUse } from '../parts/last-use.tsx';
import { Moment } from '../parts/moment.tsx';
import { Page } from '../parts/page.tsx';
import { RefusalBox } from '../parts/refusal-box.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { goTo, hrefOf, refine, useRoute } from '../route/route.ts';
import { nowSeconds } from '../words/moments.ts';
import { purposes } from './purposes.ts';
import { serviceKeyStateOf, sortKeys, useServiceKeys } from './use-service-keys.ts';

const ServiceKeyTable = ({ keys }: { readonly keys: readonly ListedServiceKey[] }) => (
  <table class="list" onKeyDown={moveAmongRows}>
    <thead>
      <tr>
        <th scope="col">Label</th>
        <th scope="col">For</th>
        <th scope="col">State</th>
        <th scope="col">Last used</th>
        <th scope="col">Created</th>
      </tr>
    </thead>
    <tbody>
      {keys.map((key) => (
        <tr key={key.keyId}>
          <th scope="row">
            <a href={hrefOf(['service-keys', key.keyId])} data-row>
              {'corrupt' in key ? key.keyId : key.label}
            </a>
            <code class="under">{key.keyId}</code>
          </th>
          {'corrupt' in key ? <CorruptCells /> : <KeyCells view={key} />}
        </tr>
      ))}
    </tbody>
  </table>
);

const CorruptCells = () => (
  <td colSpan={4}>
    <Badge tone="danger">Unreadable record</Badge>
  </td>
);

const KeyCells = ({ view }: { readonly view: ServiceKeyView }) => (
  <>
    <td>{purposes[view.purpose].name}</td>
    <td>
      <ServiceKeyBadge view={view} />
    </td>
    <td>
      <LastUse view={view} isShort />
    </td>
    <td>
      <Moment at={view.createdAt} isShort />
    </td>
  </>
);

export function ServiceKeyBadge({ view }: { readonly view: ServiceKeyView }) {
  const state = serviceKeyStateOf(view, nowSeconds());
  if (state === 'live') return <Badge tone="good">Live</Badge>;
  if (state === 'ended') return <Badge>Ended</Badge>;
  return (
    <Badge tone="warning">
      Ends <Moment at={view.credentialUntil ?? 0} isShort />
    </Badge>
  );
}

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
      lead="Keys of customers' servers and developers, for the analytics API and the data router."
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
        <Empty title="No service keys yet.">
          A portal's server needs a service key to get tokens for its users. <a href={NEW}>Add the first one</a>.
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
