import type { AnswerOf, RegistrationNotes, RequestOf, ServiceKeyView } from '#contract/admin-api.ts';
import { lastUseOf } from '#contract/last-use.ts';
import type { Command, CommandCall, Report } from '../command.ts';
import { lifeOf, overlapOf } from '../durations.ts';
import { wrongUsage } from '../failure.ts';
import type { Options } from '../options.ts';
import { exportLine, shellNames } from '../output.ts';
import { isoOf, moment, notesText, table } from '../table.ts';

/** A service key, with its secret text if it was created now. */
type ReportedKey = ServiceKeyView & RegistrationNotes & { readonly apiKey?: string };

/** Reports one key, and its secret text if it was created now: only as an `export` line if a program reads stdout. */
function reportKey(key: ReportedKey): Report {
  const { apiKey, keyId, purpose } = key;
  const json = { ok: true, ...key };
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
const rowOfKey = (key: AnswerOf<'list-service-keys'>['serviceKeys'][number]): string[] =>
  'corrupt' in key ? [key.keyId, 'cannot be read', '', '', '', '', '', '', ''] : rowOf(key);

/** The restrictions of a new key, as far as they are specified. */
function scopeOf(options: Options): object {
  const [origins, appIds] = [options.texts('origin'), options.texts('app')];
  const maxTtlSeconds = lifeOf(options);
  return {
    ...(origins.length > 0 && { allowedOrigins: origins }),
    ...(options.flag('app-origins') && { app: true }),
    ...(appIds.length > 0 && { appIds }),
    ...(maxTtlSeconds !== undefined && { maxTtlSeconds }),
  };
}

function keyIdOf(text: string): string {
  if (/^[0-9A-Za-z]{8}$/.test(text)) return text;
  throw wrongUsage('A key id consists of eight letters and digits; see "widget-gate service-keys list".');
}

const change = (
  verb: 'rotate' | 'revoke' | 'revoke-tokens',
  summary: string,
  rest: Pick<Command, 'options' | 'usage'>,
  act: (keyId: string, call: CommandCall) => Promise<ReportedKey>,
): Command => ({
  ...rest,
  words: `service-keys ${verb}`,
  operands: ['<keyId>'],
  summary,
  run: async (call) => reportKey(await act(keyIdOf(call.operands[0]), call)),
});

export const serviceKeys: readonly Command[] = [
  {
    words: 'service-keys list',
    operands: [],
    options: [],
    summary: 'list the keys of servers and developers, without their secret texts, each with its last use to the hour',
    run: async ({ gate }) => {
      const answer = await gate.ask('list-service-keys', {});
      const text = answer.serviceKeys.length === 0 ? 'no service keys' : table(answer.serviceKeys.map(rowOfKey));
      return { json: { ok: true, ...answer }, text };
    },
  },
  {
    words: 'service-keys add',
    operands: ['<analytics|data-router|dev>', '<label>'],
    options: ['origin', 'app-origins', 'max-ttl', 'app'],
    usage: '[--origin O]… [--app-origins] [--max-ttl 30m|1h|24h|7d] [--app A]…',
    summary: 'create a service key and print it once; sessions and dev keys work in pages of its origins',
    run: async ({ operands: [purpose, label = ''], options, gate }) =>
      // The gate reports the members that a purpose does not have.
      reportKey(
        await gate.ask('add-service-key', { purpose, label, ...scopeOf(options) } as RequestOf<'add-service-key'>),
      ),
  },
  change(
    'rotate',
    'create a successor and print it once; the old key ends after the overlap',
    { options: ['overlap'], usage: '[--overlap 0|1h|24h|7d]' },
    (keyId, { gate, options }) => gate.ask('rotate-service-key', { keyId, overlapSeconds: overlapOf(options) }),
  ),
  change(
    'revoke',
    'end a service key now, with the tokens and sessions created with it',
    { options: [] },
    (keyId, { gate }) => gate.ask('revoke-service-key', { keyId }),
  ),
  change(
    'revoke-tokens',
    'refuse all tokens and sessions created with a service key up to now; the key itself stays valid',
    { options: [] },
    (keyId, { gate }) => gate.ask('revoke-service-key-tokens', { keyId }),
  ),
];
