import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { analyticsCall } from '#lambda/analytics/analytics-call.ts';

const NAME = '__Host-widget-gate-session';
const read = (multiValueHeaders: object | null, query: object | null = null) =>
  analyticsCall({
    multiValueHeaders,
    multiValueQueryStringParameters: query,
  } as unknown as APIGatewayRequestAuthorizerEvent);

test('every value of every header that decides is read, in whatever spelling', () => {
  const call = read(
    {
      authorization: ['a'],
      AUTHORIZATION: ['b'],
      'x-api-key': ['k'],
      'X-API-Key': ['l'],
      Origin: ['o'],
      origin: ['p'],
      Cookie: [`${NAME}=s; other=1`],
      cookie: [`${NAME}=t`],
      'X-Requested-With': [''],
      'X-User-Id': ['u'],
      'x-app-id': ['h'],
      'X-Client-Id': ['c', 'd'],
      'Sec-Fetch-Site': ['cross-site'],
    },
    { appId: ['q', 'r'], userId: ['evil'], clientId: ['evil'] },
  );
  expect(call).toStrictEqual({
    authorizations: ['a', 'b'],
    apiKeys: ['k', 'l'],
    elsewhere: ['a', 'b'],
    fromBrowser: true,
    origins: ['o', 'p'],
    sessionCookies: ['s', 't'],
    hasRequestedWith: true,
    stated: { userId: ['u'], appId: ['h', 'q', 'r'], clientId: ['c', 'd'] },
  });
});

test.each([[{}], [null]])('a call with the headers %j has none of it', (headers) => {
  expect(read(headers)).toStrictEqual({
    authorizations: [],
    apiKeys: [],
    elsewhere: [],
    fromBrowser: false,
    origins: [],
    sessionCookies: [],
    hasRequestedWith: false,
    stated: { userId: [], appId: [], clientId: [] },
  });
});

test.each([
  { X_Requested_With: ['x'] },
  { 'X-Requested-Width': ['x'] },
  { 'Requested-With': ['x'] },
  { 'X-Requested-With': [] },
])('%j is not an X-Requested-With', (headers) => {
  expect(read(headers).hasRequestedWith).toBe(false);
});

test.each([
  { X_Api_Key: ['k'] },
  { X_User_Id: ['u'] },
  { 'X-Original-Authorization': ['a'] },
  { 'Proxy-Authorization': ['a'] },
  { 'X-Forwarded-Origin': ['o'] },
])('%j is not a credential, id or origin', (headers) => {
  expect(read(headers)).toStrictEqual(read({}));
});
