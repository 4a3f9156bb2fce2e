import type { ListedServiceKey, ServiceKeyView } from '../api/views.ts';
import { Badge } from '../parts/badge.tsx';
import { LastUse } from '../parts/last-use.tsx';
import { Moment } from '../parts/moment.tsx';
import { moveAmongRows } from '../parts/rows.ts';
import { hrefOf } from '../route/route.ts';
import { nowSeconds } from '../words/moments.ts';
import { purposes } from './purposes.ts';
import { serviceKeyStateOf } from './use-service-keys.ts';

export const ServiceKeyTable = ({ keys }: { readonly keys: readonly ListedServiceKey[] }) => (
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
    <Badge tone="danger">Record can’t be read</Badge>
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
