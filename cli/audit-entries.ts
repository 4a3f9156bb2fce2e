import type { AuditEntryView, RequestOf } from '#contract/admin-api.ts';
import type { AdminGate } from './admin-gate.ts';
import { wrongUsage } from './failure.ts';
import type { OptionName, Options } from './options.ts';
import { isoOf, table } from './table.ts';

type Query = RequestOf<'query-audit'>;

export const FILTERS = ['shop', 'actor', 'action', 'code', 'request-id', 'from', 'to'] as const satisfies OptionName[];
export const FILTER_USAGE = '[--shop S] [--actor A] [--action A] [--code C] [--request-id R] [--from T] [--to T]';

const NAMES = new Map([
  ['shop', 'subject'],
  ['action', 'performed'],
  ['request-id', 'requestId'],
]);

/** The query of the filters in a command line. Throws `CliFailure`. */
export function filtersOf(options: Options): Query {
  const given = FILTERS.map((name): [string, string | undefined] => {
    const value = name === 'from' || name === 'to' ? timeOf(options, name) : options.text(name);
    return [NAMES.get(name) ?? name, value];
  });
  return Object.fromEntries(given.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

const DAY_MILLISECONDS = 86_400_000;

function timeOf(options: Options, name: 'from' | 'to'): string | undefined {
  const text = options.text(name);
  if (text === undefined) return undefined;
  const isTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(text);
  const milliseconds = isTime ? Date.parse(text) : Number.NaN;
  // A day includes both of its ends.
  const restOfDay = name === 'to' && !text.includes('T') ? DAY_MILLISECONDS - 1 : 0;
  if (!Number.isNaN(milliseconds)) return new Date(milliseconds + restOfDay).toISOString();
  throw wrongUsage(`--${name} requires a day such as 2026-01-31 or a time such as 2026-01-31T12:00:00Z.`);
}

/** Page after page, newest first, to the end of the trail. */
export async function* auditPages(gate: AdminGate, query: Query): AsyncGenerator<readonly AuditEntryView[]> {
  let cursor: string | undefined;
  do {
    const page = await gate.ask('query-audit', { ...query, ...(cursor !== undefined && { cursor }) });
    yield page.entries;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

const HEAD = ['TIME', 'SUBJECT', 'ACTION', 'CODE', 'ACTOR', 'REQUEST'];

export const auditTable = (entries: readonly AuditEntryView[]): string => table([HEAD, ...entries.map(listed)]);

/** One entry as one line. */
export const auditLine = (entry: AuditEntryView): string => table([listed(entry)]);

/** With the origins that were refused beside the code. */
function listed(entry: AuditEntryView): string[] {
  const [time, subject, action, code, ...rest] = rowOf(entry) as [string, string, string, string, ...string[]];
  const [origin, ...others] = new Set(entry.origins?.filter((each) => each !== ''));
  const from = origin === undefined ? '' : `: ${origin}${others.length === 0 ? '' : `, ${others.length} more`}`;
  return [time, subject, action, code + from, ...rest];
}

/** All of an entry, line by line. */
export const detailsOf = (entry: AuditEntryView): string[][] => [
  ...rowOf(entry).map((cell, at) => [(HEAD[at] ?? '').toLowerCase(), cell]),
  ...(entry.before === undefined ? [] : [['before', JSON.stringify(entry.before)]]),
  ...(entry.after === undefined ? [] : [['after', JSON.stringify(entry.after)]]),
];

const rowOf = ({ at, subject, action, code, count, actor, requestId, requestIds }: AuditEntryView): string[] => [
  isoOf(at),
  subject,
  action,
  count === undefined ? code : `${code} (${count})`,
  actor?.arn.split('/').at(-1) ?? '-',
  requestId ?? (requestIds?.length === 1 ? requestIds[0] : undefined) ?? '-',
];
