import { lastUseOf } from '../clients/last-use.ts';
import type { RegistrationNotes, ServiceKeyView as Shown } from '../clients/views.ts';
import type { Report } from './command.ts';
import { notesText } from './registration-notes.ts';
import { exportLine, shellNames } from './shell-exports.ts';
import { isoOf, moment, table } from './table.ts';

/** A service key, with its text where it was made now. */
export type ServiceKeyView = Shown & RegistrationNotes & { readonly apiKey?: string };

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
  return { json, text: `${rows}${notesText(key)}\n\n${WARNING}\n\n  ${line}`, bare: line };
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
  usedText(key),
  credentialUntil === undefined ? '' : `ends ${moment(credentialUntil)}`,
  key.maxTtlSeconds === undefined ? '' : `max TTL ${key.maxTtlSeconds} s`,
  key.appIds === undefined ? '' : `apps ${key.appIds.join(' ')}`,
  key.allowedOrigins.join(' '),
];

function usedText(key: Parameters<typeof lastUseOf>[0]): string {
  const use = lastUseOf(key, Math.floor(Date.now() / 1_000));
  if (use.kind === 'never') return '';
  return use.kind === 'recent'
    ? 'used within the last hour'
    : `last used between ${minuteOf(use.from)} and ${minuteOf(use.to)}`;
}

/** `2026-01-01T14:00Z` */
const minuteOf = (seconds: number): string => isoOf(seconds * 1_000).replace(/:\d\d\.\d{3}Z$/, 'Z');

/** A line of the list. */
export const rowOfKey = (key: ServiceKeyView | CorruptKey): string[] =>
  'corrupt' in key ? [key.keyId, 'can not be read', '', '', '', '', '', '', ''] : rowOf(key);
