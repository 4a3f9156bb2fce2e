type Send = typeof import('#web/widget/send.ts').send;
type FetchToken = typeof import('#web/widget/session.ts').fetchToken;

let send: Send;
let fetchToken: FetchToken;
beforeAll(() => {
  // As the build does.
  Object.assign(globalThis, { WIDGET_VERSION: '0.0.0' });
  ({ send } = jest.requireActual('#web/widget/send.ts'));
  ({ fetchToken } = jest.requireActual('#web/widget/session.ts'));
});

const answering = (status: number, body: string) =>
  jest.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(body, { status }));
afterEach(() => jest.restoreAllMocks());

test("the token URL is asked past the browser's cache, which may hold a token of yesterday or of somebody else", async () => {
  const fetched = answering(200, '{"token":"t"}');
  expect(await fetchToken('/token')).toBe('t');
  expect(fetched.mock.calls.map(([url, init]) => [url, init?.cache])).toEqual([['/token', 'no-store']]);
});

test.each([true, false])('so is the gate, with its cookie or without (%s)', async (cookies) => {
  const fetched = answering(200, '{}');
  const credential = { headers: { 'X-Widget-Token': 't' }, cookies };
  expect(await send('https://gate.example', '/api/widget/session', credential)).toMatchObject({
    status: 200,
    ok: true,
  });
  expect(fetched.mock.calls.map(([url, init]) => [url, init?.cache, init?.credentials, init?.headers])).toEqual([
    ['https://gate.example/api/widget/session', 'no-store', cookies ? 'include' : 'omit', credential.headers],
  ]);
});

test('a call of the gate follows no redirect, which would take the credential along; the token URL gets none and may redirect', async () => {
  const fetched = answering(200, '{"token":"t"}');
  await send('https://gate.example', '/api/widget/search', { headers: { 'X-Widget-Token': 't' } });
  await send('https://gate.example', '/api/auth/session', { headers: {}, cookies: true }, { method: 'POST' });
  await fetchToken('/token');
  expect(fetched.mock.calls.map(([, init]) => init?.redirect)).toEqual(['error', 'error', undefined]);
});

test.each([
  [401, '{"token":"t"}', 'signed_out'],
  [403, '{"token":"t"}', 'signed_out'],
  [500, '{"token":"t"}', 'token_url_failed'],
  [200, '{}', 'token_url_failed'],
  [200, '{"token":""}', 'token_url_failed'],
  [200, '{"token":7}', 'token_url_failed'],
  [200, '<html>', 'token_url_failed'],
  [200, 'null', 'token_url_failed'],
])('a token URL that answers %s %s is %s', async (status, body, code) => {
  answering(status, body);
  await expect(fetchToken('/token')).rejects.toMatchObject({ code });
});

test('a call that the caller gives up is dropped', async () => {
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (_url, init) => {
    init?.signal?.throwIfAborted();
    return new Response('{}');
  });
  const gone = AbortSignal.abort();
  await expect(send('', '/x', { headers: {} }, {}, gone)).rejects.toMatchObject({ code: expect.any(String) });
});
