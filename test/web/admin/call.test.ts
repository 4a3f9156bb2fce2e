import { adminCall } from '#contract/admin-call.ts';
import { callGate } from '#web/admin/src/api/call.ts';

const answers = (...each: readonly (readonly [number, object | string])[]) => {
  const left = [...each];
  return jest.spyOn(globalThis, 'fetch').mockImplementation(async () => {
    const [status, body] = left.shift() ?? [0, ''];
    if (status === 0) throw new TypeError('failed to fetch');
    const text = status === 204 ? null : typeof body === 'string' ? body : JSON.stringify(body);
    return new Response(text, { status, headers: { 'Retry-After': '0' } });
  });
};
const refusal = (code: string) => ({ code, message: '', requestId: 'r-1' });
afterEach(() => jest.restoreAllMocks());

const get = { method: 'GET', path: '/admin/api/shops' } as const;
const post = { method: 'POST', path: '/admin/api/shops', body: {} } as const;

test('a look is repeated while a dependency fails', async () => {
  const fetched = answers(
    [503, refusal('service_unavailable')],
    [503, refusal('service_unavailable')],
    [200, { a: 1 }],
  );
  expect(await callGate(get)).toEqual({ ok: true, value: { a: 1 } });
  expect(fetched).toHaveBeenCalledTimes(3);
});

test('a change that a dependency failed is not repeated: it may have been carried out', async () => {
  const fetched = answers([503, refusal('service_unavailable')], [200, {}]);
  expect(await callGate(post)).toMatchObject({ ok: false, refusal: { code: 'service_unavailable', requestId: 'r-1' } });
  expect(fetched).toHaveBeenCalledTimes(1);
});

test('what was throttled was not carried out, and is repeated, three times in all', async () => {
  const fetched = answers([429, refusal('too_many_requests')], [201, {}]);
  expect(await callGate(post)).toEqual({ ok: true, value: {} });
  answers(...Array.from({ length: 4 }, () => [429, refusal('too_many_requests')] as const));
  expect(await callGate(post)).toMatchObject({ refusal: { code: 'too_many_requests' } });
  expect(fetched).toHaveBeenCalledTimes(5);
});

test.each([
  ['nothing', [0, ''], 'no_network'],
  ['a page', [200, '<html>'], 'no_gate'],
  ['a refusal that is not a JSON', [502, 'Bad gateway'], 'no_gate'],
] as const)('an answer that is %s is distinguished', async (_name, answer, code) => {
  answers(answer);
  expect(await callGate(get)).toEqual({ ok: false, refusal: { code } });
});

test('no answer is kept by the browser or taken from what it kept', async () => {
  const fetched = answers([200, {}], [200, {}]);
  await callGate(get);
  await callGate(post);
  expect(fetched.mock.calls.map(([path, init]) => [path, init?.method, init?.cache, init?.body])).toEqual([
    ['/admin/api/shops', 'GET', 'no-store', undefined],
    ['/admin/api/shops', 'POST', 'no-store', '{}'],
  ]);
});

test('every change, and no look, names itself, so that no other site can send it; the version goes along', async () => {
  const fetched = answers([200, {}], [200, {}], [204, '']);
  await callGate(get);
  await callGate(adminCall('set-switches', { shopId: 's', disabled: true }, 7));
  await callGate({ method: 'DELETE', path: '/admin/api/session' });
  const sent = fetched.mock.calls.map(([, init]) => [init?.headers, init?.credentials, init?.redirect]);
  const named = { 'X-Requested-With': 'widget-gate' };
  expect(sent).toEqual([
    [{}, 'same-origin', 'error'],
    [{ 'Content-Type': 'application/json', 'If-Match': '"7"', ...named }, 'same-origin', 'error'],
    [named, 'same-origin', 'error'],
  ]);
});
