import type { AdminAction } from '../lambda/contract/admin-routes.ts';
import type { Command } from './command.ts';
import { wrongUsage } from './failure.ts';
import { lifeOf } from './life.ts';
import type { Options } from './options.ts';
import { overlapOf } from './overlap.ts';
import { type CorruptKey, reportKey, rowOfKey, type ServiceKeyView } from './service-key-view.ts';
import { table } from './table.ts';

/** What a new key is held to, as far as it is told. */
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
  throw wrongUsage('The key id is eight letters and digits; see "widget-gate service-keys list".');
}

const change = (
  verb: 'rotate' | 'revoke' | 'revoke-tokens',
  action: AdminAction,
  summary: string,
  rest: Pick<Command, 'options' | 'usage'>,
): Command => ({
  ...rest,
  words: `service-keys ${verb}`,
  operands: ['<keyId>'],
  summary,
  run: async ({ operands: [keyId], options, gate }) =>
    reportKey(
      await gate.ask(action, {
        path: { keyId: keyIdOf(keyId) },
        body: verb === 'rotate' ? { overlapSeconds: overlapOf(options) } : {},
      }),
    ),
});

export const serviceKeys: readonly Command[] = [
  {
    words: 'service-keys list',
    operands: [],
    options: [],
    summary: 'show the keys of servers and developers, without their texts, each with its last use to the hour',
    run: async ({ gate }) => {
      const answer = (await gate.ask('list-service-keys', {})) as { serviceKeys: (ServiceKeyView | CorruptKey)[] };
      const text = answer.serviceKeys.length === 0 ? 'no service keys' : table(answer.serviceKeys.map(rowOfKey));
      return { json: { ok: true, ...answer }, text };
    },
  },
  {
    words: 'service-keys add',
    operands: ['<analytics|data-router|dev>', '<label>'],
    options: ['origin', 'app-origins', 'max-ttl', 'app'],
    usage: '[--origin O]… [--app-origins] [--max-ttl 30m|1h|24h|7d] [--app A]…',
    summary: 'make a service key and print it, this once; sessions and dev keys are for pages of its origins',
    run: async ({ operands: [purpose, label = ''], options, gate }) =>
      reportKey(await gate.ask('add-service-key', { body: { purpose, label, ...scopeOf(options) } })),
  },
  change(
    'rotate',
    'rotate-service-key',
    'make a successor and print it, this once; the old key ends after the overlap',
    {
      options: ['overlap'],
      usage: '[--overlap 0|1h|24h|7d]',
    },
  ),
  change('revoke', 'revoke-service-key', 'end a service key now, with the tokens and sessions that it got', {
    options: [],
  }),
  change('revoke-tokens', 'revoke-service-key-tokens', 'refuse what a service key got up to now; the key goes on', {
    options: [],
  }),
];
