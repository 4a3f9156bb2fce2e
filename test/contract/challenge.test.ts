import fc from 'fast-check';
import { checkChallenge } from '#contract/challenge.ts';
import { identityRequest } from '#lambda/admin-login/challenge.ts';

const NOW = 1_767_225_600;
const dictate = (region = 'eu-west-1', host = `sts.${region}.amazonaws.com`, issuedAt = NOW) => {
  const made = identityRequest({ id: 'id', issuedAt }, { region, host, deployment: 'widget-gate/dev' });
  return { challenge: 'e..a.b.c', region, host, amzDate: made.amzDate, headers: made.headers, body: made.body };
};
const honest = dictate();
const withHeader = (name: string, value: unknown) => ({ ...honest, headers: { ...honest.headers, [name]: value } });

test.each([
  ['eu-west-1', 'sts.eu-west-1.amazonaws.com'],
  ['us-gov-west-1', 'sts.us-gov-west-1.amazonaws.com'],
  ['ap-southeast-2', 'sts.ap-southeast-2.amazonaws.com'],
  ['cn-north-1', 'sts.cn-north-1.amazonaws.com.cn'],
])('signs what the gate dictates in %s, as it is', (region, host) => {
  const { challenge, amzDate, headers, body } = dictate(region, host);
  expect(checkChallenge(dictate(region, host), NOW)).toEqual({
    ok: true,
    challenge,
    request: { region, amzDate, headers, body },
  });
});

test.each([-300, 300])('signs at a clock that is %d s off', (skew) => {
  expect(checkChallenge(honest, NOW + skew)).toMatchObject({ ok: true, challenge: honest.challenge });
});

const { host: _host, ...withoutHost } = honest.headers;
const { accept: _accept, ...withoutAccept } = honest.headers;
const { 'x-widget-gate-challenge': _mark, ...withoutMark } = honest.headers;
const cases: [string, Record<string, unknown>][] = [
  ['nothing', {}],
  ['no challenge', { ...honest, challenge: '' }],
  ['a challenge that is not a text', { ...honest, challenge: {} }],
  ['another host', { ...honest, host: 'iam.amazonaws.com', headers: { ...honest.headers, host: 'iam.amazonaws.com' } }],
  ['another host in the headers alone', withHeader('host', 'iam.amazonaws.com')],
  ['another host beside the headers alone', { ...honest, host: 'evil.example' }],
  ['the host of another region', { ...honest, host: 'sts.us-east-1.amazonaws.com' }],
  ['the host of another partition', dictate('cn-north-1', 'sts.cn-north-1.amazonaws.com')],
  ['a host that only begins right', dictate('eu-west-1', 'sts.eu-west-1.amazonaws.com.evil.example')],
  ['the global host', dictate('us-east-1', 'sts.amazonaws.com')],
  ['a region with a path', dictate('eu-west-1/sts/aws4_request')],
  ['a region with a dot', dictate('evil.example')],
  ['a region that is not a text', { ...honest, region: ['eu-west-1'] }],
  ['another call', { ...honest, body: 'Action=GetSessionToken&Version=2011-06-15' }],
  ['a further parameter', { ...honest, body: `${honest.body}&DurationSeconds=129600` }],
  ['no body', { ...honest, body: '' }],
  ['the hash of another body', withHeader('x-amz-content-sha256', 'UNSIGNED-PAYLOAD')],
  ['a further header', withHeader('x-amz-target', 'DynamoDB_20120810.DeleteTable')],
  ['a security token', withHeader('x-amz-security-token', 'x')],
  ['another accept', withHeader('accept', '*/*')],
  ['another content type', withHeader('content-type', 'application/x-amz-json-1.0')],
  ['a header that is not a text', withHeader('accept', ['application/json'])],
  ['a mark with a line break', withHeader('x-widget-gate-challenge', 'a\nx-amz-target:b')],
  ['no host header', { ...honest, headers: withoutHost }],
  ['no accept header', { ...honest, headers: withoutAccept }],
  ['no mark', { ...honest, headers: withoutMark }],
  ['no headers', { ...honest, headers: null }],
  ['another date in the headers', withHeader('x-amz-date', '20260101T000001Z')],
  [
    'an invalid date',
    { ...honest, amzDate: '20260199T000000Z', headers: { ...honest.headers, 'x-amz-date': '20260199T000000Z' } },
  ],
  ['a date without a time', { ...honest, amzDate: '20260101' }],
  ['a time too far ahead', dictate('eu-west-1', undefined, NOW + 301)],
  ['a time too far back', dictate('eu-west-1', undefined, NOW - 301)],
  ['tomorrow', dictate('eu-west-1', undefined, NOW + 86_400)],
];

test.each(cases)('refuses to sign %s', (_what, dictated) => {
  expect(checkChallenge(dictated, NOW)).toEqual({ ok: false, wrong: expect.any(String) });
});

test('refuses whatever else comes, and never fails otherwise', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...Object.keys(honest)), fc.jsonValue()), (changes) => {
      fc.pre(Object.keys(changes).some((name) => name !== 'challenge'));
      expect(checkChallenge({ ...honest, ...changes }, NOW).ok).toBe(false);
    }),
  );
});
