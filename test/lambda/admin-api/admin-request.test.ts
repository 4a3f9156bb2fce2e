import type { APIGatewayProxyEvent } from 'aws-lambda';
import { adminRoutes, pathParameters } from '#contract/admin-api.ts';
import { matchAdminRoute, parseAdminRequest } from '#lambda/admin-api/request.ts';

interface Sent {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, readonly string[]>>;
  readonly ifMatch?: readonly string[];
}

/** `parse('PATCH /shops/shop_one', { body: { disabled: true } })` */
function parse(call: string, { body, query = {}, ifMatch = [] }: Sent = {}) {
  const [httpMethod = '', path = ''] = call.split(' ');
  const event = {
    httpMethod,
    pathParameters: { proxy: path.slice(1) },
    multiValueHeaders: { 'If-Match': ifMatch },
    multiValueQueryStringParameters: query,
    body: body === undefined ? null : JSON.stringify(body),
  } as unknown as APIGatewayProxyEvent;
  const route = matchAdminRoute(event);
  if (route === undefined) throw new Error(`no route for ${call}`);
  return parseAdminRequest(event, route);
}

const malformed = (detail: string) => ({ ok: false, reason: 'invalid_request', detail });
const SHOP = 'https://shop.example.com';
const KEY = { purpose: 'analytics', label: 'x' };

test.each([
  ['POST /service-keys', { ...KEY, maxTtlSeconds: 1 }],
  ['POST /service-keys', { ...KEY, maxTtlSeconds: 86_400 }],
  ['POST /service-keys', { ...KEY, purpose: 'dev', maxTtlSeconds: 604_800 }],
  ['POST /shops/s/keys/rotate', { overlapSeconds: 0 }],
])('%s accepts the ends of a range: %j', (call, body) => {
  expect(parse(call, { body })).toMatchObject({ ok: true, value: { request: body } });
});

describe('If-Match', () => {
  const versions = (...ifMatch: string[]) => parse('PATCH /shops/s', { body: { disabled: true }, ifMatch });

  test.each<[string, number[] | undefined]>([
    ['"22"', [22]],
    [' "22" ', [22]],
    ['"1", "2"', [1, 2]],
    ['"1","2" , "3"', [1, 2, 3]],
    ['W/"21", "22"', [22]],
    ['"abc"', []],
    ['"0"', []],
    ['"01"', []],
    ['""', []],
    ['*', undefined],
    [' * ', undefined],
  ])('%s accepts the versions %j', (value, expected) => {
    const parsed = versions(value);
    expect(
      parsed.ok && 'expectedVersions' in parsed.value.request ? parsed.value.request.expectedVersions : undefined,
    ).toEqual(expected);
    expect(parsed.ok).toBe(true);
  });

  test.each(['W/"22"', 'W/"21", W/"22"'])('%s never matches, and says why', (value) => {
    expect(versions(value)).toEqual({
      ok: false,
      reason: 'precondition_failed',
      detail: 'A weak tag never matches: send the ETag without the W/ before it.',
    });
  });

  test.each(['22', "'22'", '"22', '*, "22"', '"1" "2"', 'w/"22"', '', ','])('refuses %j as malformed', (value) => {
    expect(versions(value)).toMatchObject(malformed(expect.stringMatching(/^Header If-Match must be/) as never));
  });

  test('refuses a second header, though both are equal', () => {
    expect(versions('"22"', '"22"')).toEqual(malformed('Header If-Match was sent twice; send one header.'));
  });

  test.each(['GET /session', 'POST /service-keys/AAAAAAAA/revoke', 'GET /audit'])('refuses it at %s', (call) => {
    for (const tag of ['"1"', 'W/"1"'])
      expect(parse(call, { ifMatch: [tag] })).toEqual(
        malformed('Header If-Match is not supported here, because the resource has no ETag; omit it.'),
      );
  });
});

describe('accepts', () => {
  test.each<[string, string, Sent, object]>([
    [
      'a name in any script',
      'POST /shops',
      { body: { url: SHOP, name: ' Müllers Laden 店 ' } },
      { name: 'Müllers Laden 店' },
    ],
    ['a decomposed name, composed', 'PATCH /shops/s', { body: { name: 'Mu\u0308ller' } }, { name: 'Müller' }],
    ['a label in any script', 'POST /service-keys', { body: { ...KEY, label: 'müller' } }, { label: 'müller' }],
    [
      'a label of 64 ideographs',
      'POST /service-keys',
      { body: { ...KEY, label: '店'.repeat(64) } },
      { label: '店'.repeat(64) },
    ],
    [
      'a label with marks',
      'POST /service-keys',
      { body: { ...KEY, label: 'acme.portal@eu/prod-1_a' } },
      { label: 'acme.portal@eu/prod-1_a' },
    ],
  ])('%s', (_name, call, sent, expected) => {
    expect(parse(call, sent)).toMatchObject({ ok: true, value: { request: expected } });
  });

  const DAY = Date.parse('2026-11-27T00:00:00Z');
  test.each<[string, 'from' | 'to', number]>([
    ['2026-11-27', 'from', DAY],
    ['2026-11-27', 'to', DAY + 86_400_000 - 1],
    ['2026-11-27T00:00:00Z', 'from', DAY],
    ['2026-11-27T00:00Z', 'from', DAY],
    ['2026-11-27T00:00:00.5Z', 'from', DAY + 500],
    ['2026-11-27T00:00:00.123456Z', 'to', DAY + 123],
    ['2026-11-27T01:00:00+01:00', 'from', DAY],
    ['2026-11-27T01:00:00 01:00', 'from', DAY],
    ['2026-11-26T19:30:00-04:30', 'from', DAY],
    ['2024-02-29', 'from', Date.parse('2024-02-29')],
  ])('the time %s as %s', (text, member, expected) => {
    expect(parse('GET /audit', { query: { [member]: [text] } })).toMatchObject({
      ok: true,
      value: { request: { [member]: expected } },
    });
  });
});

describe('refuses, with the form that is wanted,', () => {
  const TIME =
    'a day such as 2026-11-27, or a time with its zone such as 2026-11-27T14:30:00Z or 2026-11-27T15:30:00%2B01:00';
  test.each([
    'yesterday',
    '2026-11',
    '2026-11-31',
    '2026-02-30',
    '2026-13-01',
    '2025-02-29',
    '2026-11-27T24:00:00Z',
    '2026-11-27T10:00:00',
    '2026-11-27 10:00:00Z',
    '2026-11-27T10:00:00+25:00',
    '2026-11-27T10:00:00+0100',
    '27.11.2026',
    '1764201600',
    '',
  ])('the time %j', (text) => {
    for (const member of ['from', 'to'])
      expect(parse('GET /audit', { query: { [member]: [text] } })).toEqual(
        malformed(`Query parameter "${member}" must be ${TIME}.`),
      );
  });

  const text = (maxChars: number) => `a text of 1 to ${maxChars} characters, without control or formatting characters`;
  test.each([
    ['nothing', ''],
    ['spaces alone', '   '],
    ['a line break', 'a\nb'],
    ['a tab', 'a\tb'],
    ['an escape', 'a\u001b[31mb'],
    ['a null', 'a\0b'],
    ['a right-to-left override', 'a\u202eb'],
    ['an isolate', 'a\u2066b'],
    ['a zero-width space', 'a\u200bb'],
    ['a byte order mark inside', 'a\ufeffb'],
    ['a soft hyphen', 'a\u00adb'],
    ['a no-break space', 'a\u00a0b'],
    ['a line separator', 'a\u2028b'],
    ['half a surrogate pair', 'a\ud800b'],
    ['a private character', 'a\ue000b'],
    ['too many letters', 'ü'.repeat(81)],
  ])('a name and a label with %s', (_name, value) => {
    expect(parse('PATCH /shops/s', { body: { name: value } })).toEqual(
      malformed(`Body member "name" must be ${text(80)}.`),
    );
    expect(parse('POST /service-keys', { body: { ...KEY, label: value } })).toEqual(
      malformed('Body member "label" must be 1 to 64 letters, digits, spaces and . @ / - _.'),
    );
  });

  test.each<[string, string, Sent, string]>([
    [
      'a query parameter',
      'GET /shops',
      { query: { limit: ['0'] } },
      'Query parameter "limit" must be a whole number from 1 to 100.',
    ],
    [
      'one over the limit',
      'GET /audit',
      { query: { limit: ['101'] } },
      'Query parameter "limit" must be a whole number from 1 to 100.',
    ],
    [
      'one sent twice',
      'GET /shops',
      { query: { limit: ['1', '1'] } },
      'Query parameter "limit" was sent twice; send it once.',
    ],
    [
      'an unknown one',
      'GET /shops',
      { query: { page: ['2'] } },
      'Query parameter "page" is unknown; allowed are "limit", "cursor".',
    ],
    [
      'any where none is allowed',
      'GET /session',
      { query: { x: ['1'] } },
      'Query parameter "x" is unknown; none is allowed here.',
    ],
    [
      'our own action',
      'GET /shops',
      { query: { action: ['x'] } },
      'Query parameter "action" is unknown; allowed are "limit", "cursor".',
    ],
    [
      'a foreign cursor',
      'GET /shops',
      { query: { cursor: ['x'] } },
      'Query parameter "cursor" must be the cursor of the page before, from a request with the same parameters.',
    ],
    [
      'a path parameter',
      'GET /shops/_x',
      {},
      'Path parameter "shopId" must be letters, digits, _ and -, at most 64, beginning with a letter or digit.',
    ],
    [
      'a key id',
      'POST /service-keys/short/revoke',
      {},
      'Path parameter "keyId" must be the 8 letters and digits of a service key ID.',
    ],
    [
      'a path parameter in the body',
      'POST /shops/s/keys/reset',
      { body: { shopId: 'x' } },
      'Body member "shopId" is unknown; none is allowed here.',
    ],
    [
      'a missing body member',
      'POST /shops',
      { body: {} },
      'Body member "url" is missing: it must be a web address, such as https://shop.example.com.',
    ],
    [
      'a member of the wrong type',
      'POST /shops',
      { body: { url: 1 } },
      'Body member "url" must be a web address, such as https://shop.example.com.',
    ],
    [
      'a text for a switch',
      'PATCH /shops/s',
      { body: { disabled: 'true' } },
      'Body member "disabled" must be true or false.',
    ],
    [
      'an unknown switch',
      'PATCH /shops/s',
      { body: { enabled: true } },
      'Body member "enabled" is unknown; allowed are "disabled", "issuingPaused", "requireOrigin", "name", "url", "moveOrigins", "exact".',
    ],
    [
      'no switch',
      'PATCH /shops/s',
      { body: {} },
      'Send at least one of "disabled", "issuingPaused", "requireOrigin", "name", "url", "moveOrigins", "exact".',
    ],
    [
      'nothing but how',
      'PATCH /shops/s',
      { body: { exact: true } },
      'Send at least one of "disabled", "issuingPaused", "requireOrigin", "name", "url", "moveOrigins", "exact".',
    ],
    [
      'an item of a list',
      'POST /shops/s/origins',
      { body: { origins: [SHOP, 7] } },
      'Body member "origins[1]" is malformed: "origins" must be a list of 1 to 50 addresses, such as https://shop.example.com.',
    ],
    [
      'an empty list',
      'POST /shops/s/origins',
      { body: { origins: [] } },
      'Body member "origins" must be a list of 1 to 50 addresses, such as https://shop.example.com.',
    ],
    [
      'an invalid list',
      'POST /shops/s/origins',
      { body: { origins: SHOP } },
      'Body member "origins" must be a list of 1 to 50 addresses, such as https://shop.example.com.',
    ],
    [
      'an overlap',
      'POST /shops/s/keys/rotate',
      { body: { overlapSeconds: 5 } },
      'Body member "overlapSeconds" must be one of 0, 3600, 86400, 604800.',
    ],
    [
      'a client token',
      'POST /shops',
      { body: { url: SHOP, clientToken: 'short' } },
      'Body member "clientToken" must be 16 to 128 printable ASCII characters without spaces.',
    ],
    [
      'no purpose',
      'POST /service-keys',
      { body: { label: 'x' } },
      'Body member "purpose" is missing: it must be analytics, data-router or dev.',
    ],
    [
      'an unknown purpose',
      'POST /service-keys',
      { body: { purpose: 'x', label: 'x' } },
      'Body member "purpose" must be analytics, data-router or dev.',
    ],
    [
      'a member of another kind of key',
      'POST /service-keys',
      { body: { purpose: 'data-router', label: 'x', appIds: ['a'] } },
      'Body member "appIds" is unknown; allowed are "label", "purpose".',
    ],
    [
      'an unknown member of a key',
      'POST /service-keys',
      { body: { ...KEY, origins: [] } },
      'Body member "origins" is unknown; allowed are "label", "purpose", "app", "allowedOrigins", "appIds", "maxTtlSeconds".',
    ],
    [
      'too long a life',
      'POST /service-keys',
      { body: { ...KEY, maxTtlSeconds: 86_401 } },
      'Body member "maxTtlSeconds" must be a whole number of seconds from 1 to 86400, or to 604800 for a dev key.',
    ],
    [
      'an app twice',
      'POST /service-keys',
      { body: { ...KEY, appIds: ['a', 'a'] } },
      'Body member "appIds" must be a list of 1 to 50 app IDs in printable ASCII, each once.',
    ],
    [
      'an invalid app',
      'POST /service-keys',
      { body: { ...KEY, appIds: ['ä'] } },
      'Body member "appIds[0]" is malformed: "appIds" must be a list of 1 to 50 app IDs in printable ASCII, each once.',
    ],
    [
      'a kind',
      'POST /revocations',
      { body: { kind: 'shop', id: 'x' } },
      'Body member "kind" must be user, client or app.',
    ],
    [
      'an id',
      'POST /revocations',
      { body: { kind: 'user', id: ' x' } },
      'Body member "id" must be an ID of 1 to 256 printable ASCII characters with no space at either end.',
    ],
  ])('%s', (_name, call, sent, detail) => {
    expect(parse(call, sent)).toEqual(malformed(detail));
  });

  test('a name of a member that is long, cut short', () => {
    const parsed = parse('POST /shops', { body: { ['x'.repeat(4_000)]: 1 } });
    expect(JSON.stringify(parsed).length).toBeLessThan(300);
  });

  test.each([
    [40, 'x'.repeat(40)],
    [41, `${'x'.repeat(40)}...`],
  ])('a name of a member of %i characters as "%s"', (length, shown) => {
    const parsed = parse('POST /shops', { body: { ['x'.repeat(length)]: 1 } });
    expect(parsed).toMatchObject({ detail: expect.stringContaining(`"${shown}" is unknown`) });
  });
});

test('every member of every request has its form in words', () => {
  const members = adminRoutes.flatMap(({ request }) =>
    request === undefined
      ? []
      : 'members' in request
        ? Object.entries(request.members)
        : Object.values(request.variants).flatMap((variant) => Object.entries(variant.members)),
  );
  expect(members.length).toBeGreaterThan(30);
  expect([...members, ...Object.entries(pathParameters)].filter(([, schema]) => !('form' in schema))).toEqual([]);
});

test('every route of the admin API leads to a request of its own', () => {
  for (const { method, path, action } of adminRoutes) {
    const filled = path.replace('{shopId}', 's').replace('{keyId}', 'AAAAAAAA').replace('{requestId}', 'x');
    expect(matchAdminRoute({ httpMethod: method, pathParameters: { proxy: filled.slice(1) } } as never)?.action).toBe(
      action,
    );
  }
});
