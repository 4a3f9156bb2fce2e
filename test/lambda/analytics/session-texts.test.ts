import { useSession } from '#lambda/analytics/sessions.ts';
import { PAGE, TestGate } from '#test/support/analytics.ts';

let gate: TestGate;
beforeEach(() => {
  gate = new TestGate();
});

type Mode = 'cookie' | 'token';
const use = (text: string, origins: readonly string[] = [PAGE], mode: Mode = 'cookie') =>
  useSession({ mode, text, origins }, gate, gate.nowSeconds);

test("a cookie's text is not a bearer value, nor the other way round, and a security token is neither", async () => {
  const [cookie, bearer, token] = [
    await gate.session('cookie'),
    await gate.session('token'),
    await gate.securityToken(),
  ];
  for (const text of [bearer, token]) expect(await use(text)).toEqual({ ok: false, reason: 'no_session' });
  for (const text of [cookie, token]) expect(await use(text, [], 'token')).toEqual({ ok: false, reason: 'no_session' });
});

test.each<[Mode, string, readonly string[], boolean]>([
  ['cookie', 'the page of its key', [PAGE], true],
  ['cookie', 'no origin', [], false],
  ['cookie', 'a foreign origin', ['https://evil.example'], false],
  ['cookie', 'null', ['null'], false],
  ['cookie', 'two origins', [PAGE, PAGE], false],
  ['token', 'the page of its key', [PAGE], true],
  ['token', 'no origin', [], true],
  ['token', 'an empty origin', [''], false],
  ['token', 'a foreign origin', ['https://evil.example'], false],
  ['token', 'null', ['null'], false],
  ['token', 'two origins', [PAGE, PAGE], false],
])('a session as a %s from %s', async (mode, _name, origins, ok) => {
  const used = await use(await gate.session(mode), origins, mode);
  if (ok) expect(used.ok).toBe(true);
  else expect(used).toEqual({ ok: false, reason: 'origin_not_allowed', keyId: gate.made.key.keyId, origins });
});

test.each([
  '',
  '.',
  '..',
  '....',
  'a..b.c.d',
  'x'.repeat(6_144),
  'x'.repeat(100_000),
  '__proto__',
  'eyJhbGciOiJub25lIn0..a.b.c',
])('refuses a text that is not a session: %#', async (text) => {
  expect(await use(text)).toEqual({ ok: false, reason: 'no_session' });
  expect(gate.reads).toBe(0);
});

test('any change of a session text is refused', async () => {
  const text = await gate.session();
  for (let at = 0; at < text.length; at += 1) {
    const changed = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
    expect(await use(changed)).toEqual({ ok: false, reason: 'no_session' });
  }
});
