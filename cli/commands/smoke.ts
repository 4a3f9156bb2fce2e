import { runSmoke, type SmokeStep, send } from '#lambda/watch/smoke.ts';
import { type Command, onlyOrigin, shopIdOf } from '../command.ts';
import { exitCodes, wrongUsage } from '../failure.ts';
import { readShopKey } from '../secrets.ts';
import { table } from '../table.ts';

const row = ({ ok, name, expected, found, milliseconds, requestId = '' }: SmokeStep): string[] => [
  ok ? 'ok' : 'failed',
  name,
  ok ? found : `${found}, not ${expected}`,
  `${milliseconds} ms`,
  requestId,
];

/** Checks that a gate allows and refuses the right calls. */
export const smoke: readonly Command[] = [
  {
    words: 'smoke',
    operands: [],
    options: ['shop', 'origin'],
    usage: '--shop S [--origin O]',
    summary:
      "check a gate from end to end as a shop, from one of its origins: issue, allowed, tampered, wrong origin, expired; exit code 1 if a check fails; the shop's key is read from WIDGET_GATE_SHOP_API_KEY or stdin",
    async run({ options, gate }) {
      const shop = options.text('shop');
      if (shop === undefined) throw wrongUsage('Specify the shop with --shop.');
      const target = { baseUrl: gate.baseUrl, shopId: shopIdOf(shop), ...onlyOrigin(options) };
      const apiKey = await readShopKey();
      if (!/^[\x21-\x7e]+$/.test(apiKey))
        throw wrongUsage('The API key contains characters that no API key contains; copy it again.');
      const report = await runSmoke({ ...target, apiKey }, send, Date.now);
      return {
        json: { ...report, baseUrl: target.baseUrl },
        text: table(report.steps.map(row)),
        exitCode: report.ok ? exitCodes.done : exitCodes.refused,
      };
    },
  },
];
