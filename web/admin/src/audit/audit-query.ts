import { REFUSED_PREFIX } from '#contract/audit.ts';

/** The filters of the trail, as they are in the address. */
const filterNames = ['shop', 'action', 'actor', 'code', 'request', 'from', 'to'] as const;
export type AuditFilters = Readonly<Partial<Record<(typeof filterNames)[number], string>>>;

/** The action under which the console lists refused calls. */
export const REFUSED = 'refuse-calls';

export const readFilters = (query: ReadonlyMap<string, string>): AuditFilters =>
  Object.fromEntries(
    filterNames.map((name) => [name, query.get(name)?.trim() ?? '']).filter(([, value]) => value !== ''),
  );

/** The query of the admin API. The refused calls of a shop have another subject than its changes. */
export function auditQueryOf({ shop, action, actor, code, request, from, to }: AuditFilters): Record<string, string> {
  const ofShop = shop !== undefined && action === REFUSED;
  const query = {
    subject: ofShop && !shop.startsWith(REFUSED_PREFIX) ? `${REFUSED_PREFIX}${shop}` : shop,
    performed: ofShop ? undefined : action,
    actor,
    code,
    requestId: request,
    from: timeOf(from, '00:00:00.000'),
    to: timeOf(to, '23:59:59.999'),
  };
  return Object.fromEntries(Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** The start of a day in the reader's time zone. */
function timeOf(day: string | undefined, time: string): string | undefined {
  const milliseconds = Date.parse(`${day}T${time}`);
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();
}
