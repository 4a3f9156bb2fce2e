import { type Explanation, explanations } from '../../../../lambda/contract/explanations.ts';
import type { AuditEntryView } from '../api/views.ts';
import { Definitions } from '../parts/definitions.tsx';
import { hrefOf } from '../route/route.ts';
import { Changes } from './changes.tsx';
import { shopOf } from './entry-view.tsx';

const explained = new Map<string, Explanation>(Object.entries(explanations));

/** All of an entry. */
export function EntryDetails({ entry }: { readonly entry: AuditEntryView }) {
  const { code, actor, requestId, requestIds = [], id, action } = entry;
  const why = explained.get(code);
  const shopId = shopOf(entry);
  const ids = requestId === undefined ? requestIds : [requestId];
  const facts = [
    ...(shopId === undefined ? [] : [['Shop', <ShopLink key="shop" shopId={shopId} />] as const]),
    ...(actor === undefined ? [] : [['By', <code key="actor">{actor.arn}</code>] as const]),
    ...(ids.length === 0
      ? []
      : [[ids.length === 1 ? 'Request' : 'Some requests', <Ids key="ids" ids={ids} />] as const]),
    ['Action', <code key="action">{action}</code>] as const,
    ['Entry', <code key="entry">{id}</code>] as const,
  ];
  return (
    <div class="entry-details">
      {why !== undefined && code !== 'ok' && (
        <p>
          {why.why} {why.remedy}
        </p>
      )}
      <Changes before={entry.before} after={entry.after} />
      <Definitions facts={facts} />
    </div>
  );
}

const ShopLink = ({ shopId }: { readonly shopId: string }) => (
  <a href={hrefOf(['shops', shopId])}>
    <code>{shopId}</code>
  </a>
);

const Ids = ({ ids }: { readonly ids: readonly string[] }) => (
  <>
    {ids.map((id) => (
      <a key={id} class="request" href={hrefOf(['explain', id])}>
        <code>{id}</code>
      </a>
    ))}
  </>
);
