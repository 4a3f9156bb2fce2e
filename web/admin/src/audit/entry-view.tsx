import { DEPLOYMENT_SUBJECT, LOGINS_SUBJECT, REFUSED_PREFIX } from '../../../../lambda/contract/audit.ts';
import type { AuditEntryView } from '../api/views.ts';
import { Badge } from '../parts/badge.tsx';
import { actionWords } from '../words/actions.ts';
import { preciseTimeText } from '../words/moments.ts';
import { EntryDetails } from './entry-details.tsx';

const NO_SHOPS = [DEPLOYMENT_SUBJECT, LOGINS_SUBJECT];

/** The shop that an entry is about; undefined where it concerns none. */
export function shopOf({ subject }: AuditEntryView): string | undefined {
  const shopId = subject.startsWith(REFUSED_PREFIX) ? subject.slice(REFUSED_PREFIX.length) : subject;
  return NO_SHOPS.includes(shopId) ? undefined : shopId;
}

export const actorName = ({ actor }: AuditEntryView): string => actor?.arn.split('/').at(-1) ?? '';

interface EntryViewProps {
  readonly entry: AuditEntryView;
  readonly isOfOneShop?: boolean;
  readonly isOpen?: boolean;
}

/** A line of the trail, which opens to all that it holds. */
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
