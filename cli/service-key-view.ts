import type { ServiceKeyView as Shown } from '../clients/views.ts';
import type { Report } from './command.ts';
import { exportLine, shellNames } from './shell-exports.ts';
import { moment, table } from './table.ts';

/** A service key, with its text where it was made now. */
export type ServiceKeyView = Shown & { readonly apiKey?: string };

/** Reports one key, and its text where it was made now: as an `export` line alone where a program reads. */
export function reportKey(answer: object): Report {
  const key = answer as ServiceKeyView;
  const { apiKey, keyId, purpose } = key;
  const json = { ok: true, ...answer };
  if (apiKey === undefined) return { json, text: table([['key', ...rowOf(key)]]) };
  const line = exportLine([
    [shellNames.keyId, keyId],
    [shellNames[purpose], apiKey],
  ]);
  const rows = table([
    ['key', ...rowOf(key)],
    ['API key', apiKey],
  ]);
  return { json, text: `${rows}\n\n${WARNING}\n\n  ${line}`, bare: line };
}

const WARNING = 'The API key is not shown again: put it on its server now. To use it in this terminal:';

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
