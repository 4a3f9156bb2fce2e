import { parseFaults } from '../../local/faults.ts';
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

test('no credential is in any log line, error or answer', async () => {
  const token = await gate.issueToken();
  const { apiKey, shopId } = gate.shop;
  const secrets = [apiKey.slice(-38), token.slice(-60), Buffer.from(token, 'base64').toString().slice(-64)];
  const credentials: [string, string][] = [
    ['X-Shop-API-Key', apiKey],
    ['X-Widget-Token', token],
    ['Authorization', `Bearer ${apiKey}`],
    ['Cookie', `session=${apiKey}`],
  ];
  const paths = [
    `/api/shops/${shopId}/widget-token/inspect`,
    '/api/shops/shop_nobody/widget-token',
    '/api/widget/session',
    '/api/widget/x',
    '/nowhere',
    `/api/widget/${encodeURIComponent(token)}?key=${apiKey}`,
  ];
  let answered = '';
  for (const faults of ['', 'dynamodb:down']) {
    gate.host.setFaults(parseFaults(faults));
    for (const path of paths) {
      for (const method of ['GET', 'POST', 'OPTIONS']) {
        for (const more of [[], [['Sec-Fetch-Mode', 'cors']], [['Origin', 'https://evil.example']]] as [
          string,
          string,
        ][][]) {
          const answer = await gate.call({
            method,
            path,
            headers: [...credentials, ...more],
            body: JSON.stringify({ token, other: apiKey }),
          });
          answered += answer.text + JSON.stringify(answer.headers);
        }
      }
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  const leaks = logged.split('\n').filter((line) => line.includes('api_key_in_browser'));
  expect(leaks.length).toBeGreaterThanOrEqual(2);
  for (const line of leaks)
    expect(JSON.parse(line)).toMatchObject({ level: 'WARN', shopId, keyId: apiKey.split('_')[2] });
  for (const secret of secrets) {
    expect(logged).not.toContain(secret);
    expect(answered).not.toContain(secret);
  }
  expect(answered).not.toMatch(/arn:aws|WidgetGate-|\bat .*\.js:/);
});
