import { setTimeout } from 'node:timers/promises';
import { cookies } from '#contract/cookies.ts';
import { parseFaults } from '#local/faults.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import {
  ANALYTICS_PATH,
  addServiceKey,
  cookieIn,
  DATA_ROUTER_PATH,
  type Header,
  LOGIN,
  LOGIN_PATH,
  PORTAL,
  Portal,
  SESSION_PATH,
  TEMP_TOKEN_PATH,
} from '../support/portal.ts';

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

/** In claims and ids, which logs must not contain either. */
const MARK = 'MARKED-CLAIM';

test('no key, token, session or claim is in any log line, answer or trail, whatever is done with it and however it fails', async () => {
  const portal = await Portal.open(gate);
  const body = { ...LOGIN, permissions: [MARK] };
  const [dataRouter, dev] = [
    await addServiceKey(gate, { purpose: 'data-router' }),
    await addServiceKey(gate, { purpose: 'dev' }),
  ];
  const tempToken = await portal.tempToken(body);
  // Of these no function knows anything when the store fails.
  const late = await Portal.open(gate);
  const lateToken = await portal.securityToken({ ...body, userid: 'late' });
  const usedTempToken = await portal.tempToken(body);
  const credentials = {
    analyticsKey: portal.key.apiKey,
    dataRouterKey: dataRouter.apiKey,
    devKey: dev.apiKey,
    securityToken: await portal.securityToken(body),
    tempToken,
    usedTempToken,
    sessionCookie: cookieIn(await portal.exchange(usedTempToken)),
    sessionToken: await portal.sessionToken(body),
    lateKey: late.key.apiKey,
    lateToken,
  };
  const ways: ((text: string) => Header[])[] = [
    (text) => [['X-API-Key', text]],
    (text) => [['Authorization', text]],
    (text) => [['Authorization', `Bearer ${text}x`]],
    (text) => [
      ['Cookie', `${cookies.session}=${text}`],
      ['X-Requested-With', 'x'],
    ],
    (text) => [
      ['X-API-Key', text],
      ['X-User-Id', text],
      ['X-App-Id', text],
      ['X-Request-Id', text],
    ],
  ];
  const settings: Header[][] = [
    [],
    [['Origin', 'http://localhost:3000']],
    [
      ['Origin', PORTAL],
      ['Sec-Fetch-Mode', 'cors'],
      ['Sec-Fetch-Site', 'cross-site'],
    ],
  ];
  const calls: [string, string][] = [
    ['POST', LOGIN_PATH],
    ['POST', TEMP_TOKEN_PATH],
    ['POST', SESSION_PATH],
    ['GET', SESSION_PATH],
    ['OPTIONS', SESSION_PATH],
    ['GET', ANALYTICS_PATH],
    ['GET', DATA_ROUTER_PATH],
    ['GET', '/nowhere'],
  ];
  let refused = '';
  for (const faults of ['', 'dynamodb:down']) {
    gate.host.setFaults(parseFaults(faults));
    for (const text of Object.values(credentials).filter(
      (one) => faults !== '' || ![late.key.apiKey, lateToken].includes(one),
    ))
      for (const way of ways)
        for (const setting of settings) {
          // The temp token itself is to be kept for a body and a query, so that it stays a secret that could leak.
          const headers = [...way(text), ...setting];
          const answers = await Promise.all(
            calls
              .filter(([method, path]) => text !== tempToken || `${method} ${path}` !== `POST ${SESSION_PATH}`)
              .map(([method, path]) =>
                gate.call({
                  method,
                  path: `${path}?token=${text}`,
                  headers,
                  body: JSON.stringify({ a: text, b: MARK }),
                }),
              ),
          );
          for (const { text: answered, headers: answerHeaders } of answers) {
            refused += answered + JSON.stringify({ ...answerHeaders, 'access-control-allow-headers': '' });
          }
        }
  }
  gate.host.setFaults(parseFaults(''));
  for (const login of [
    { ...body, expiresIn: MARK },
    { ...body, userId: MARK },
    { ...body, x: MARK.repeat(500) },
  ])
    refused += (await portal.logIn(login)).text + (await portal.askForTempToken(login)).text;
  const trail = JSON.stringify(await gate.administer({ action: 'query-audit' }));
  await setTimeout(200);

  expect(logged).toContain('api_key_in_browser');
  expect(logged).toContain('request_failed');
  expect(logged).toContain('dev_key_used');
  expect(trail).toContain('add-service-key');
  for (const [name, text] of Object.entries(credentials)) {
    const secret = text.slice(-36);
    for (const [place, content] of Object.entries({ logged, trail }))
      expect([name, place, content.includes(secret)]).toEqual([name, place, false]);
  }
  for (const place of [logged, trail]) expect(place).not.toContain(MARK);
  expect(logged).not.toContain(LOGIN.userid);
  expect(refused).not.toMatch(/arn:aws|WidgetGate-|\bat .*\.js:/);
});

test('a refusal repeats nothing of what was sent', async () => {
  const portal = await Portal.open(gate);
  const sent: [string, Header[], string][] = [
    [LOGIN_PATH, portal.keyHeader(), JSON.stringify({ ...LOGIN, expiresIn: MARK })],
    [LOGIN_PATH, portal.keyHeader(), JSON.stringify({ ...LOGIN, userId: MARK })],
    [LOGIN_PATH, portal.keyHeader(), JSON.stringify({ ...LOGIN, x: MARK.repeat(500) })],
    [LOGIN_PATH, portal.keyHeader(), MARK],
    [LOGIN_PATH, [['X-API-Key', MARK]], '{}'],
    [
      SESSION_PATH,
      [
        ['Authorization', MARK],
        ['Origin', PORTAL],
      ],
      '{}',
    ],
    [
      SESSION_PATH,
      [
        ['Authorization', await portal.tempToken()],
        ['Origin', PORTAL],
      ],
      JSON.stringify({ mode: MARK }),
    ],
  ];
  for (const [path, headers, body] of sent) {
    const answer = await gate.call({ method: 'POST', path, headers, body });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.text + JSON.stringify(answer.headers)).not.toContain(MARK);
  }
});
