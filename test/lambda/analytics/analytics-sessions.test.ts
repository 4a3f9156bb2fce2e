import { useSession } from '#lambda/analytics/sessions.ts';
import { NOW, PAGE, TestGate } from '#test/support/analytics.ts';

let gate: TestGate;
beforeEach(() => {
  gate = new TestGate();
});

type Mode = 'cookie' | 'token';
const use = (text: string, origins: readonly string[] = [PAGE], mode: Mode = 'cookie') =>
  useSession({ mode, text, origins }, gate, gate.nowSeconds);

/** The renewed text of a use at a time, if any. */
async function renewal(text: string, at: number, mode: Mode = 'cookie'): Promise<string | undefined> {
  gate.nowSeconds = NOW + at;
  const used = await use(text, [PAGE], mode);
  if (!used.ok) throw new Error(used.reason);
  return used.value.renewed;
}

describe.each<Mode>(['cookie', 'token'])('a session as a %s', (mode) => {
  test.each([
    [0, false],
    [1_799, false],
    [1_800, false],
    [1_801, true],
    [3_599, true],
  ])('used after %i s is renewed: %s', async (after, renewed) => {
    expect((await renewal(await gate.session(mode), after, mode)) !== undefined).toBe(renewed);
  });

  test('is over an hour after its last renewal', async () => {
    const text = await gate.session(mode);
    gate.nowSeconds += 3_600;
    expect(await use(text, [PAGE], mode)).toEqual({ ok: false, reason: 'no_session' });
  });

  test('is renewed up to its end and never past it, however it is used', async () => {
    let text = await gate.session(mode);
    for (let after = 0; after < 28_800; after += 600) text = (await renewal(text, after, mode)) ?? text;
    const last = await use(text, [PAGE], mode);
    expect(last).toMatchObject({
      value: { session: { issuedAt: NOW, expiresAt: NOW + 28_800, endsAt: NOW + 28_800 } },
    });
    expect(await renewal(text, 28_799, mode)).toBeUndefined();
    gate.nowSeconds = NOW + 28_800;
    expect(await use(text, [PAGE], mode)).toEqual({ ok: false, reason: 'no_session' });
  });
});

test('a session of a stated life is never renewed beyond it', async () => {
  const text = await gate.session('cookie', { expiresIn: '10m' });
  expect(await renewal(text, 599)).toBeUndefined();
  gate.nowSeconds = NOW + 600;
  expect(await use(text)).toEqual({ ok: false, reason: 'no_session' });
});

test('a renewed session is as old as it was, so what revokes it still does', async () => {
  const renewed = await renewal(await gate.session(), 3_000);
  if (renewed === undefined) throw new Error('it was not renewed');
  gate.revocationStore.records.put('user/u-17', { notBefore: NOW });
  gate.nowSeconds += 10;
  expect(await use(renewed)).toEqual({ ok: false, reason: 'no_session' });
});

test('an ended session is refused in every copy, renewed ones included, and no other session of its user is', async () => {
  const [text, other] = [await gate.session(), await gate.session()];
  const renewed = await renewal(text, 3_000);
  const used = await use(text);
  if (!used.ok || renewed === undefined) throw new Error('it was not renewed');
  await gate.revocations.endSession(used.value.session, gate.nowSeconds);
  for (const copy of [text, renewed]) expect(await use(copy)).toEqual({ ok: false, reason: 'no_session' });
  expect((await use(other)).ok).toBe(true);
});

test('a session that ends while the clock is behind its beginning is ended all the same', async () => {
  const text = await gate.session();
  gate.nowSeconds -= 3_600;
  const used = await use(text);
  if (!used.ok) throw new Error(used.reason);
  await gate.revocations.endSession(used.value.session, gate.nowSeconds);
  gate.nowSeconds += 3_600;
  expect(await use(text)).toEqual({ ok: false, reason: 'no_session' });
});
