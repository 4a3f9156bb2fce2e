import { parseFaults } from '#local/faults.ts';
import { adminClient, cookieOf, getChallenge, openLink, sendProof, signChallenge } from '../support/admin.ts';
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
        for (const more of [[], [['Sec-Fetch-Site', 'cross-site']], [['Origin', 'https://evil.example']]] as [
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

test('no credential of an administrator is in any log line, answer or trail, whatever they do and however it fails', async () => {
  gate.host.setFaults(parseFaults(''));
  logged = '';
  const user = gate.createUser('alice', true);
  const challenge = await getChallenge(gate.host.baseUrl);
  const signature = await signChallenge(challenge, user);
  const proof = {
    challenge: challenge.challenge,
    userName: 'alice',
    accessKeyId: user.accessKeyId,
    signature,
  };
  const loggedIn = await sendProof(gate.host.baseUrl, proof);
  expect(loggedIn.status).toBe(200);
  const sessionId = cookieOf(loggedIn).split('=')[1] as string;
  const call = adminClient(gate.host.baseUrl, cookieOf(loggedIn));
  const made = await call('POST /shops', { body: { url: 'https://secret.example.com' } });
  const serviceKey = await call('POST /service-keys', { body: { purpose: 'analytics', label: 'secret' } });
  const code = async (): Promise<string> => String((await call('POST /login-links')).json.code);
  const codes = [await code(), await code()];
  const byLink = await openLink(gate.host.baseUrl, codes[0] as string);
  expect(byLink.status).toBe(200);
  let answered = byLink.text + (await sendProof(gate.host.baseUrl, proof)).text;
  answered += (await sendProof(gate.host.baseUrl, { ...proof, secretAccessKey: user.secretAccessKey })).text;
  for (const faults of ['', 'dynamodb:down', 'sts:down', 'iam:down']) {
    gate.host.setFaults(parseFaults(faults));
    answered += (await sendProof(gate.host.baseUrl, proof)).text;
    // The second one's first use is while AWS fails.
    for (const each of faults === '' ? codes.slice(0, 1) : codes)
      answered += (await openLink(gate.host.baseUrl, each)).text;
    for (const route of [
      'GET /session',
      'GET /shops?limit=100',
      'GET /service-keys',
      'GET /audit?limit=100',
      'GET /status',
    ])
      answered += (await call(route)).text;
    answered += (await call('POST /shops', { body: { url: sessionId } })).text;
  }
  gate.host.setFaults(parseFaults(''));
  await new Promise((resolve) => setTimeout(resolve, 200));
  const secrets = [user.secretAccessKey, signature, sessionId, challenge.challenge.slice(-40)];
  secrets.push(cookieOf(byLink).split('=')[1] as string, ...codes);
  for (const { json } of [made, serviceKey]) secrets.push(String(json.apiKey).slice(-38));
  expect(logged).toContain('login_refused');
  for (const secret of secrets) {
    expect(logged).not.toContain(secret);
    expect(answered).not.toContain(secret);
  }
});
