import type { AnalyticsSession } from '#lambda/analytics/security-token.ts';
import { beganAnswer, endedAnswer, renewalHeaders, shownAnswer } from '#lambda/analytics/session-calls.ts';

const NAME = '__Host-widget-gate-session';
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=None; Partitioned';
const NOW = 1_800_000_000;
const session = {
  userId: 'u',
  appId: 'a',
  sessionId: 'secret',
  expiresAt: NOW + 3_600,
  endsAt: NOW + 9_000,
} as AnalyticsSession;

test('a session that began as a cookie is in the cookie alone, of which scripts read nothing', () => {
  const { statusCode, headers, body } = beganAnswer({ text: 'text', session }, 'cookie', 'request-1', NOW);
  expect([statusCode, body]).toEqual([204, '']);
  expect(headers?.['Set-Cookie']).toBe(`${NAME}=text; Max-Age=3600; ${ATTRIBUTES}`);
  expect(headers).toMatchObject({ 'X-Session-Expires-In': '3600', 'Cache-Control': 'no-store' });
});

test('a session that began as a bearer value sets no cookie', () => {
  const { statusCode, headers, body } = beganAnswer({ text: 'text', session }, 'token', 'request-1', NOW);
  expect([statusCode, body]).toEqual([200, '{"token":"text"}']);
  expect(headers).not.toHaveProperty('Set-Cookie');
});

test('a session that is shown says for whom it is and how long, and never its id', () => {
  const { headers, body } = shownAnswer({ session }, 'cookie', 'request-1', NOW);
  expect(JSON.parse(body)).toEqual({ userId: 'u', appId: 'a', expiresAt: NOW + 3_600, endsAt: NOW + 9_000 });
  expect(headers).not.toHaveProperty('Set-Cookie');
  const renewed = shownAnswer({ session, renewed: 'new' }, 'cookie', 'request-1', NOW).headers;
  expect(renewed?.['Set-Cookie']).toBe(`${NAME}=new; Max-Age=3600; ${ATTRIBUTES}`);
});

test('a renewed session travels as it came', () => {
  expect(renewalHeaders(undefined, 'cookie', 1)).toEqual({});
  expect(renewalHeaders('new', 'token', 60)).toEqual({ 'X-Session-Token': 'new' });
  expect(renewalHeaders('new', 'cookie', 60)).toEqual({ 'Set-Cookie': `${NAME}=new; Max-Age=60; ${ATTRIBUTES}` });
});

test('a session that ended takes its cookie along', () => {
  const { statusCode, headers } = endedAnswer('request-1');
  expect([statusCode, headers?.['Set-Cookie']]).toEqual([204, `${NAME}=; Max-Age=0; ${ATTRIBUTES}`]);
});
