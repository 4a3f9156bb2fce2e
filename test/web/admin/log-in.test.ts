import { createHash } from 'node:crypto';
import { logIn } from '#web/admin/src/login/log-in.ts';
import { logOut } from '#web/admin/src/start.ts';
import { announcement } from '#web/admin/src/state/announce.ts';
import { keepAnswer, recallAnswer } from '#web/admin/src/state/answers.ts';
import { leave, session } from '#web/admin/src/state/session.ts';

const claim = { userName: 'alice', accessKeyId: 'AKIAABCDEFGHIJKLMNOP' };
const SECRET = 'a-secret-access-key';

const answering = (...answers: readonly [number, object?][]) => {
  const left = [...answers];
  return jest.spyOn(globalThis, 'fetch').mockImplementation(async () => {
    const [status, body] = left.shift() ?? [500];
    return new Response(body === undefined ? null : JSON.stringify(body), { status });
  });
};
const pageIs = (isSecureContext: boolean | undefined): void => void Object.assign(globalThis, { isSecureContext });

beforeEach(() => {
  pageIs(true);
  Object.assign(globalThis, { location: { hash: '' }, history: { replaceState: () => undefined } });
});
afterEach(() => {
  jest.restoreAllMocks();
  for (const name of ['isSecureContext', 'location', 'history']) Reflect.deleteProperty(globalThis, name);
});

describe('a login in a page that came without TLS', () => {
  test.each([false, undefined])('signs nothing and sends nothing (isSecureContext %s)', async (isSecure) => {
    pageIs(isSecure);
    const fetched = answering();
    const imported = jest.spyOn(crypto.subtle, 'importKey');
    let taken = 0;
    const takeSecret = (): string => {
      taken += 1;
      return SECRET;
    };
    expect(await logIn(claim, takeSecret)).toEqual({ ok: false, refusal: { code: 'insecure_page' } });
    // The field is emptied all the same.
    expect([taken, fetched.mock.calls.length, imported.mock.calls.length]).toEqual([1, 0, 0]);
  });
});

/** What the gate dictates, as `contract/challenge.ts` accepts it. */
const dictated = () => {
  const body = 'Action=GetCallerIdentity&Version=2011-06-15';
  const amzDate = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const host = 'sts.eu-west-1.amazonaws.com';
  const headers = {
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    host,
    'x-amz-content-sha256': createHash('sha256').update(body).digest('hex'),
    'x-amz-date': amzDate,
    'x-widget-gate-challenge': 'c'.repeat(43),
    'x-widget-gate-deployment': 'widget-gate:000000000000:dev',
  };
  return { challenge: 'sealed', region: 'eu-west-1', host, amzDate, headers, body, expiresIn: 60 };
};

test('refuses to sign what is not a look at who one is, and sends no signature', async () => {
  const fetched = answering([200, { ...dictated(), body: 'Action=AssumeRole' }]);
  const answer = await logIn(claim, () => SECRET);
  expect(answer).toMatchObject({
    ok: false,
    refusal: { code: 'challenge_refused', detail: expect.stringMatching(/^The challenge /) },
  });
  expect(fetched).toHaveBeenCalledTimes(1);
});

test("no challenge ends the login with the gate's own words", async () => {
  answering([429, { code: 'too_many_requests', message: 'Later.', requestId: 'r' }]);
  jest.spyOn(globalThis, 'setTimeout').mockImplementation(((then: () => void) => void queueMicrotask(then)) as never);
  expect(await logIn(claim, () => SECRET)).toMatchObject({ ok: false });
});

test('after a log-out nothing is left of what was read', async () => {
  session.set({ kind: 'in', user: {} as never });
  keepAnswer('shops', [{ shopId: 'shop_one' }]);
  answering([204]);
  await logOut();
  expect([recallAnswer('shops'), session.get()]).toEqual([undefined, { kind: 'out', reason: 'logged-out' }]);
});

test('nor after the session has ended by itself', () => {
  keepAnswer('shops', [{ shopId: 'shop_one' }]);
  leave('ended');
  expect([recallAnswer('shops'), session.get()]).toEqual([undefined, { kind: 'out', reason: 'ended' }]);
});

test('a log-out that the gate did not carry out says so, and changes nothing', async () => {
  session.set({ kind: 'in', user: {} as never });
  keepAnswer('shops', ['kept']);
  answering([503, { code: 'service_unavailable', message: '', requestId: 'r' }]);
  await logOut();
  expect([recallAnswer('shops'), session.get().kind]).toEqual([['kept'], 'in']);
  expect(announcement.get()?.text).toMatch(/still logged in/);
});
