import { setTimeout as sleep } from 'node:timers/promises';
import { authorizationCost, estimate, totalOf } from '#cli/cost/estimate.ts';
import { PRICED } from '#cli/cost/prices.ts';
import { pricedResources } from '#cli/cost/template.ts';
import { usage } from '#cli/cost/usage.ts';
import { readTemplates } from '#cli/synthesized.ts';
import { limits } from '#contract/limits.ts';
import { synthesize } from '#local/synthesize.ts';
import type { BenchGate } from '../rigs/bench-gate.ts';
import { callHttp } from '../support/http.ts';
import { information, type Row, valueAtMost } from './report.ts';

const SHOPS = 10;
const MILLION = 1e6;

/** Row 10: dollars per million authorized calls, from the reads counted here and the dated price table. */
export async function costRows(gate: BenchGate): Promise<Row[]> {
  const counted = { ...usage.calls, readsWhenStale: await staleReads(gate) };
  const authorized = (calls: number): number =>
    (authorizationCost({ calls, issues: 0, logins: 0, shops: SHOPS }, counted) / calls) * MILLION;
  await synthesize('prod');
  const calls = 10 * MILLION;
  const lines = estimate(pricedResources(readTemplates('prod')), { calls, issues: 0, logins: 0, shops: SHOPS });
  const inAll = (totalOf(lines.filter(({ isFixed }) => !isFixed)) / calls) * MILLION;
  return [
    valueAtMost(
      '10',
      `$ per million authorized calls, 10 M a month, ${SHOPS} shops, ${PRICED.date}`,
      authorized(calls),
      3.8,
    ),
    information(
      '10',
      'the same at 1 M and 100 M a month',
      [1, 100].map((n) => authorized(n * MILLION).toFixed(2)).join(', '),
    ),
    information('10', 'with endpoint, logs and counters, 10 M a month', inAll.toFixed(2)),
  ];
}

/** AWS calls of one authorized call whose shop was kept for too long. */
async function staleReads({ host, shop }: BenchGate): Promise<number> {
  const { json } = await callHttp(host.baseUrl, {
    method: 'POST',
    path: `/api/shops/${shop.shopId}/widget-token`,
    headers: [['X-Shop-API-Key', shop.apiKey]],
  });
  const call = () =>
    callHttp(host.baseUrl, { path: '/api/widget/session', headers: [['X-Widget-Token', String(json.token)]] });
  await call();
  await sleep(limits.shopCacheSeconds * (1 + limits.cacheJitterRatio) * 1_000 + 200);
  host.aws.calls.reset();
  const { status } = await call();
  if (status !== 200) throw new Error(`the call was answered ${status}`);
  return host.aws.calls.count({ via: undefined });
}
