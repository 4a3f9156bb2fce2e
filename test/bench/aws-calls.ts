import type { BenchGate } from '../rigs/bench-gate.ts';
import { callHttp } from '../support/http.ts';
import { type Row, valueAtMost } from './report.ts';

/** Row 8, the warm part: AWS calls per HTTP call, counted by the stand-ins. */
export async function awsCallRows({ host, shop }: BenchGate): Promise<Row[]> {
  const issue = () =>
    callHttp(host.baseUrl, {
      method: 'POST',
      path: `/api/shops/${shop.shopId}/widget-token`,
      headers: [['X-Shop-API-Key', shop.apiKey]],
    });
  const token = String((await issue()).json.token);
  const session = () => callHttp(host.baseUrl, { path: '/api/widget/session', headers: [['X-Widget-Token', token]] });
  await session();
  const callsOf = async (call: () => Promise<{ status: number }>): Promise<number> => {
    host.aws.calls.reset();
    const { status } = await call();
    if (status !== 200) throw new Error(`the call was answered ${status}`);
    return host.aws.calls.count({ via: undefined });
  };
  return [
    valueAtMost('8', 'AWS calls of a warm authorize', await callsOf(session), 0),
    valueAtMost('8', 'AWS calls of a warm issue', await callsOf(issue), 1),
  ];
}
