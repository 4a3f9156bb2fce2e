import type { APIGatewayProxyEvent } from 'aws-lambda';
import fc from 'fast-check';
import {
  analyticsContextOf,
  analyticsIdentity,
  analyticsIdentityHeaders,
  describeAnalyticsIdentity,
} from '#lambda/analytics/identity.ts';
import { isSubjectId } from '#lambda/analytics/security-token.ts';

const eventOf = (authorizer: unknown): APIGatewayProxyEvent =>
  ({ requestContext: { authorizer } }) as unknown as APIGatewayProxyEvent;
/** As API Gateway hands a context on. */
const asStrings = (context: object): object =>
  Object.fromEntries(Object.entries(context).map(([name, value]) => [name, String(value)]));

const id = fc.string({ maxLength: 20 }).filter(isSubjectId);
const identities = fc.record(
  {
    kind: fc.constantFrom('security-token', 'session', 'analytics-key', 'dev-key'),
    keyId: fc.stringMatching(/^[0-9A-Za-z]{8}$/),
    userId: id,
    appId: id,
    clientId: id,
    orgId: id,
    expiresAt: fc.integer({ min: 1, max: 2 ** 40 }),
    claims: fc.dictionary(
      fc.string({ unit: 'binary' }).filter((name) => name !== '__proto__'),
      fc.jsonValue({ stringUnit: 'binary' }),
    ),
    renewed: fc.stringMatching(/^[\w.-]{1,30}$/),
    renewedAs: fc.constantFrom('cookie', 'token'),
  },
  { requiredKeys: ['kind', 'keyId'] },
) as fc.Arbitrary<Parameters<typeof analyticsContextOf>[0]>;

test('an identity comes through the strings of a context as it was, its claims included', () => {
  fc.assert(
    fc.property(identities, (identity) => {
      const context = analyticsContextOf(identity);
      for (const value of Object.values(context)) expect(['string', 'number']).toContain(typeof value);
      const read = analyticsIdentity(eventOf({ principalId: 'p', integrationLatency: 3, ...asStrings(context) }));
      expect(read).toStrictEqual(context);
      const { renewed, renewedAs, claims = {}, ...shown } = identity;
      expect([read?.renewed, read?.renewedAs]).toEqual([renewed, renewedAs]);
      const described = JSON.parse(JSON.stringify(describeAnalyticsIdentity(context))) as object;
      expect(described).toEqual(JSON.parse(JSON.stringify({ ...shown, claims })));
    }),
  );
});

test('every identity can be sent in headers, and the renewed session is in none', () => {
  fc.assert(
    fc.property(identities, (identity) => {
      const sent = new Headers(analyticsIdentityHeaders(analyticsContextOf(identity)));
      expect(sent.get('x-user-id')).toBe(identity.userId ?? null);
      expect(sent.get('x-credential-kind')).toBe(identity.kind);
      expect([...sent.keys()]).not.toContain('x-session-token');
    }),
  );
});

test.each<[string, unknown]>([
  ['no authorizer', undefined],
  ['null', null],
  ['an empty context', {}],
  ['no kind', { keyId: 'abcdefgh' }],
  ['no key id', { kind: 'session' }],
  ['another kind', { kind: 'widget-token', keyId: 'abcdefgh' }],
  ['a kind of another case', { kind: 'Session', keyId: 'abcdefgh' }],
  ["a widget call's context", { shopId: 'shop_one', issuedAt: '1', expiresAt: '2' }],
  ["a data router's context", { keyId: 'abcdefgh' }],
  ['kinds in an array', { kind: ['session'], keyId: 'abcdefgh' }],
])('%s proves nothing', (_name, context) => {
  expect(analyticsIdentity(eventOf(context))).toBeUndefined();
});
