import type { AdminAction } from '../lambda/contract/admin-routes.ts';
import type { Command, Report } from './command.ts';
import { wrongUsage } from './failure.ts';
import { overlapOf } from './overlap.ts';
import { moment, table } from './table.ts';

/** A service key as the admin API shows it. Times are Unix seconds. */
interface ServiceKeyView {
  readonly keyId: string;
  readonly purpose: string;
  readonly label: string;
  readonly createdAt: number;
  readonly credentialUntil?: number;
  /** Only in the answer that made it. */
  readonly apiKey?: string;
}

function report(answer: object): Report {
  const key = answer as ServiceKeyView;
  const { apiKey } = key;
  const rows = [['key', ...rowOf(key)], ...(apiKey === undefined ? [] : [['API key', apiKey]])];
  const warning = apiKey === undefined ? '' : '\n\nThe API key is not shown again: put it on its server now.';
  return { json: { ok: true, ...answer }, text: table(rows) + warning };
}

const rowOf = ({ keyId, purpose, label, createdAt, credentialUntil }: ServiceKeyView): string[] => [
  keyId,
  purpose,
  label,
  `created ${moment(createdAt)}`,
  credentialUntil === undefined ? '' : `ends ${moment(credentialUntil)}`,
];

function keyIdOf(text: string): string {
  if (/^[0-9A-Za-z]{8}$/.test(text)) return text;
  throw wrongUsage('The key id is eight letters and digits; see "widget-gate service-keys list".');
}

const change = (
  verb: 'rotate' | 'revoke',
  action: AdminAction,
  summary: string,
  rest: Pick<Command, 'options' | 'usage'>,
): Command => ({
  ...rest,
  words: `service-keys ${verb}`,
  operands: ['<keyId>'],
  summary,
  run: async ({ operands: [keyId], options, gate }) =>
    report(
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
    summary: 'show the keys of the analytics API and the data router, without their texts',
    run: async ({ gate }) => {
      const answer = (await gate.ask('list-service-keys', {})) as { serviceKeys: ServiceKeyView[] };
      const text = answer.serviceKeys.length === 0 ? 'no service keys' : table(answer.serviceKeys.map(rowOf));
      return { json: { ok: true, ...answer }, text };
    },
  },
  {
    words: 'service-keys add',
    operands: ['<analytics|data-router>', '<label>'],
    options: [],
    summary: 'make a service key and print it, this once',
    run: async ({ operands: [purpose, label = ''], gate }) =>
      report(await gate.ask('add-service-key', { body: { purpose, label } })),
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
  change('revoke', 'revoke-service-key', 'end a service key now', { options: [] }),
];
