import { parseFaults } from '#local/faults.ts';
import { type RunningGate, startGate } from '../support/gate.ts';

let gate: RunningGate;
let logged = '';
beforeAll(async () => {
  gate = await startGate({
    log: (text) => {
      logged += text;
    },
  });
});
afterAll(() => gate.close());

/** What functions wrote, once it has arrived. */
async function linesWritten(): Promise<Record<string, unknown>[]> {
  await new Promise((resolve) => setTimeout(resolve, 200));
  const lines = logged.split('\n').filter((line) => line !== '');
  logged = '';
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('a cold call writes its counters and nothing else, a warm allowed call writes no line at all', async () => {
  await linesWritten();
  const token = gate.signToken();
  expect((await gate.session(token)).status).toBe(200);
  const cold = await linesWritten();
  expect(cold.map(({ service }) => service).sort()).toEqual(['widget-authorizer', 'widget-endpoint']);
  for (let call = 0; call < 20; call += 1) expect((await gate.session(token)).status).toBe(200);
  expect(await linesWritten()).toEqual([]);
});

test('a fault is logged under the request id that the client got', async () => {
  gate.host.setFaults(parseFaults('dynamodb:down'));
  const answer = await gate.call({
    method: 'POST',
    path: `/api/shops/${gate.shop.shopId}/widget-token`,
    headers: [['X-Shop-API-Key', gate.shop.apiKey]],
  });
  gate.host.setFaults(parseFaults(''));
  expect(answer.status).toBe(503);
  const failed = (await linesWritten()).find(({ event }) => event === 'request_failed');
  expect(failed).toMatchObject({ level: 'ERROR', requestId: answer.json.requestId, errorName: 'DependencyError' });
  expect(answer.headers['x-request-id']).toEqual([answer.json.requestId]);
});
