import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { AuditEntry } from '../core/audit.ts';
import { SCHEMA_VERSION } from './schema-version.ts';

const DAY_SECONDS = 86_400;

/** In time order, and unique by the entry's id. */
export const sortKeyOf = (atMilliseconds: number, id: string): string =>
  `${new Date(atMilliseconds).toISOString()}#${id}`;

/** The UTC day, `2026-11-21`. */
export const dayOf = (atMilliseconds: number): string => new Date(atMilliseconds).toISOString().slice(0, 10);

export const dayBefore = (day: string): string => dayOf(Date.parse(`${day}T00:00:00Z`) - DAY_SECONDS * 1_000);

/** An entry as stored. Before and after are text, so that whatever stands in them can never clash with our own attributes. */
export function writeAuditItem(
  { at, actor, before, after, ...entry }: AuditEntry,
  retentionDays: number,
): Record<string, AttributeValue> {
  return marshall(
    {
      schemaVersion: SCHEMA_VERSION,
      ...entry,
      at: sortKeyOf(at, entry.id),
      day: dayOf(at),
      expiresAt: Math.floor(at / 1_000) + retentionDays * DAY_SECONDS,
      actor: actor?.arn,
      actorId: actor?.userId,
      actorName: actor?.arn.slice(actor.arn.lastIndexOf('/') + 1),
      before: before && JSON.stringify(before),
      after: after && JSON.stringify(after),
    },
    { removeUndefinedValues: true },
  );
}

/**
 * An entry as it was written; of one that a newer release wrote, or that we can't have written, only where and when, so that it is seen, never misread
 * and keeps no other from being read.
 */
export function readAuditItem(item: Record<string, AttributeValue>): AuditEntry {
  const { schemaVersion, ...stored } = unmarshall(item);
  if (schemaVersion !== undefined && schemaVersion !== SCHEMA_VERSION) return unreadable(stored);
  const { at, day: _day, expiresAt: _end, actor, actorId, actorName: _name, before, after, ...entry } = stored;
  try {
    return {
      ...(entry as Omit<AuditEntry, 'at'>),
      at: timeOf(at),
      ...(actor !== undefined && { actor: { arn: String(actor), userId: String(actorId) } }),
      ...(before !== undefined && { before: JSON.parse(String(before)) as Record<string, unknown> }),
      ...(after !== undefined && { after: JSON.parse(String(after)) as Record<string, unknown> }),
    };
  } catch {
    return unreadable(stored);
  }
}

const timeOf = (at: unknown): number => Date.parse(String(at).split('#')[0] ?? '');

const unreadable = ({ id, at, subject }: Readonly<Record<string, unknown>>): AuditEntry => ({
  id: String(id),
  at: timeOf(at),
  subject: String(subject),
  action: 'unreadable',
  code: 'corrupt_record',
});
