import type { AnalyticsAuthorizerContext } from '#contract/context.ts';
import { addAnalyticsHeaders } from '#lambda/analytics/session-calls.ts';
import { answer } from '#lambda/platform/responses.ts';

const context = (changes: Partial<AnalyticsAuthorizerContext>): AnalyticsAuthorizerContext => ({
  kind: 'session',
  keyId: 'abcdefgh',
  expiresAt: 1_800_003_600,
  ...changes,
});
const added = (changes: Partial<AnalyticsAuthorizerContext>, theirs: Record<string, string[]> = {}) =>
  addAnalyticsHeaders({ ...answer({}, 'request-1'), multiValueHeaders: theirs }, context(changes), 1_800_000_000_000);

test('a renewed cookie goes beside the cookies of the upstream', () => {
  const { multiValueHeaders, headers } = added({ renewed: 'new', renewedAs: 'cookie' }, { 'set-cookie': ['theirs=1'] });
  expect(multiValueHeaders?.['set-cookie']).toEqual([
    'theirs=1',
    '__Host-widget-gate-session=new; Max-Age=3600; Path=/; Secure; HttpOnly; SameSite=None; Partitioned',
  ]);
  expect(headers).not.toHaveProperty('X-Session-Token');
});

test('a renewed bearer value goes in a header and sets no cookie', () => {
  const { multiValueHeaders, headers } = added({ renewed: 'new', renewedAs: 'token' });
  expect([headers?.['X-Session-Token'], multiValueHeaders]).toEqual(['new', {}]);
});

test.each(['cookie', 'token'] as const)(
  'a response with a renewed %s is not kept, whatever the upstream states',
  (renewedAs) => {
    const theirs = { 'cache-control': ['max-age=600'], vary: ['Cookie'] };
    const { multiValueHeaders, headers } = added({ renewed: 'new', renewedAs }, theirs);
    expect([headers?.['Cache-Control'], multiValueHeaders?.['cache-control'], multiValueHeaders?.vary]).toEqual([
      'no-store',
      undefined,
      ['Cookie'],
    ]);
    expect(added({}, theirs).multiValueHeaders).toEqual(theirs);
  },
);

test('a dev key is warned of, and no other credential', () => {
  expect(added({ kind: 'dev-key' }).headers?.['X-Dev-Key-Warning']).toMatch(/never use one in production/);
  for (const kind of ['session', 'security-token', 'analytics-key'] as const)
    expect(added({ kind }).headers).not.toHaveProperty('X-Dev-Key-Warning');
});
