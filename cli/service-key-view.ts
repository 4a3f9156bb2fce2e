import type { ServiceKeyView as Shown } from '../clients/views.ts';
import type { Report } from './command.ts';
import { moment, table } from './table.ts';

/** A service key, with its text where it was made now. */
export type ServiceKeyView = Shown & { readonly apiKey?: string };

/** Tells one key, and its text where it was made now. */
export function reportKey(answer: object): Report {
  const key = answer as ServiceKeyView;
  const { apiKey } = key;
  const rows = [['key', ...rowOf(key)], ...(apiKey === undefined ? [] : [['API key', apiKey]])];
  const warning = apiKey === undefined ? '' : '\n\nThe API key is not shown again: put it on its server now.';
  return { json: { ok: true, ...answer }, text: table(rows) + warning };
}

/** One that the gate can't read. */
export interface CorruptKey {
  readonly keyId: string;
  readonly corrupt: true;
}

const rowOf = ({ keyId, purpose, label, createdAt, credentialUntil, ...key }: ServiceKeyView): string[] => [
  keyId,
  purpose,
  label,
  `created ${moment(createdAt)}`,
  key.lastUsedAt === undefined ? '' : `used ${moment(key.lastUsedAt)}`,
  credentialUntil === undefined ? '' : `ends ${moment(credentialUntil)}`,
  key.maxTtlSeconds === undefined ? '' : `max TTL ${key.maxTtlSeconds} s`,
  key.appIds === undefined ? '' : `apps ${key.appIds.join(' ')}`,
  key.allowedOrigins.join(' '),
];

/** A line of the list. */
export const rowOfKey = (key: ServiceKeyView | CorruptKey): string[] =>
  'corrupt' in key ? [key.keyId, 'can not be read', '', '', '', '', '', '', ''] : rowOf(key);
