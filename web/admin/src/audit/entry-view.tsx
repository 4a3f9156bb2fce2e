import { DEPLOYMENT_SUBJECT, LOGINS_SUBJECT, LOGOUTS_SUBJECT, REFUSED_PREFIX } from '#contract/audit.ts';
import { type Explanation, explanations } from '#contract/explanations.ts';
import type { AuditEntryView } from '../api/views.ts';
import { Badge } from '../parts/badge.tsx';
import { Definitions } from '../parts/definitions.tsx';
import { hrefOf } from '../route/route.ts';
import { actionWords } from '../words/actions.ts';
import { preciseTimeText } from '../words/moments.ts';

const explained = new Map<string, Explanation>(Object.entries(explanations));

/** All of an entry. */
function EntryDetails({ entry }: { readonly entry: AuditEntryView }) {
  const { code, actor, requestId, requestIds = [], origins = [], id, action } = entry;
  const why = explained.get(code);
  const shopId = shopOf(entry);
  const refusedOrigins = [...new Set(origins.filter((origin) => origin !== ''))];
  const ids = requestId === undefined ? requestIds : [requestId];
  const facts = [
    ...(shopId === undefined ? [] : [['Shop', <ShopLink key="shop" shopId={shopId} />] as const]),
    ...(actor === undefined ? [] : [['By', <code key="actor">{actor.arn}</code>] as const]),
    ...(ids.length === 0
      ? []
      : [[ids.length === 1 ? 'Request' : 'Some requests', <Ids key="ids" ids={ids} />] as const]),
    ...(refusedOrigins.length === 0
      ? []
      : [
          [
            refusedOrigins.length === 1 ? 'Refused origin' : 'Some refused origins',
            <code key="origins">{refusedOrigins.join(', ')}</code>,
          ] as const,
        ]),
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

type Members = Readonly<Record<string, unknown>> | undefined;

interface ChangesProps {
  readonly before: Members;
  readonly after: Members;
}

/** The changed members, before and after. */
function Changes({ before, after }: ChangesProps) {
  const [old, now] = [new Map(Object.entries(before ?? {})), new Map(Object.entries(after ?? {}))];
  const names = [...new Set([...old.keys(), ...now.keys()])];
  if (names.length === 0) return null;
  return (
    <table class="changes">
      <thead>
        <tr>
          <th scope="col">What changed</th>
          {before !== undefined && <th scope="col">Before</th>}
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {names.map((name) => (
          <tr key={name}>
            <th scope="row">
              <code>{name}</code>
            </th>
            {before !== undefined && (
              <td>
                <Value of={old.get(name)} beside={now.get(name)} className="was" />
              </td>
            )}
            <td>
              <Value of={now.get(name)} beside={old.get(name)} className="is" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface ValueProps {
  readonly of: unknown;
  /** The other column, whose lines need no color. */
  readonly beside: unknown;
  readonly className: 'was' | 'is';
}

function Value({ of: value, beside, className }: ValueProps) {
  if (value === undefined) return <span class="hint">none</span>;
  const others = beside === undefined ? [] : valueText(beside).split('\n');
  return (
    <pre>
      {valueText(value)
        .split('\n')
        .map((line, at) => (
          <span key={`${at} ${line}`} class={others.includes(line) ? 'same' : className}>
            {line}
          </span>
        ))}
    </pre>
  );
}

/** Readable: times as dates, lists line by line. */
function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value.join('\n');
  return JSON.stringify(value, (_name, each: unknown) => (isTime(each) ? isoOf(each) : each), 2).replace(
    /^"(.*)"$/,
    '$1',
  );
}

const isTime = (value: unknown): value is number => typeof value === 'number' && value > 1e9 && value < 1e10;
const isoOf = (seconds: number): string => new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');

const NO_SHOPS = [DEPLOYMENT_SUBJECT, LOGINS_SUBJECT, LOGOUTS_SUBJECT];

/** The shop of an entry; undefined if it has none. */
function shopOf({ subject }: AuditEntryView): string | undefined {
  const shopId = subject.startsWith(REFUSED_PREFIX) ? subject.slice(REFUSED_PREFIX.length) : subject;
  return NO_SHOPS.includes(shopId) ? undefined : shopId;
}

const actorName = ({ actor }: AuditEntryView): string => actor?.arn.split('/').at(-1) ?? '';

interface EntryViewProps {
  readonly entry: AuditEntryView;
  readonly isOfOneShop?: boolean;
  readonly isOpen?: boolean;
}

/** A line of the trail, which expands to the whole entry. */
export function EntryView({ entry, isOfOneShop = false, isOpen = false }: EntryViewProps) {
  const { at, action, code, count } = entry;
  const iso = new Date(at).toISOString();
  return (
    <li>
      <details open={isOpen}>
        <summary data-row>
          <time dateTime={iso} title={iso}>
            {preciseTimeText(at)}
          </time>
          <span class="what">
            {actionWords(action)}
            {!isOfOneShop && shopOf(entry) !== undefined && <code>{shopOf(entry)}</code>}
          </span>
          <span class="actor">{actorName(entry)}</span>
          <span class="outcome">
            {code === 'done' ? (
              <Badge tone="good">Done</Badge>
            ) : (
              <Badge tone="warning">
                {code}
                {count !== undefined && count > 1 && ` × ${count}`}
              </Badge>
            )}
          </span>
        </summary>
        <EntryDetails entry={entry} />
      </details>
    </li>
  );
}
