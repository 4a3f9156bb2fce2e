import { createHash, randomBytes } from 'node:crypto';
import { brotliCompressSync, deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import { environment } from '#contract/environment.ts';
import { limits } from '#contract/limits.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import type { HttpAnswer, HttpCall } from '../support/http.ts';
import { addServiceKey, bearer, type Header, Portal } from '../support/portal.ts';
import { type ProgramRequest, type RealServer, startLighttpd, startNginx, startPhp } from '../support/real-servers.ts';
import { startUpstream, type Upstream } from '../support/upstream.ts';

const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const JSON_TEXT = Buffer.from(JSON.stringify({ rows: ['ä', '€', '😀'], text: 'x'.repeat(500) }));
const PNG = Buffer.concat([
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
  EVERY_BYTE,
  Buffer.from('0000000049454e44ae426082', 'hex'),
]);
const ZIP = Buffer.concat([Buffer.from('504b0304140000000800', 'hex'), EVERY_BYTE, Buffer.from('504b0506', 'hex')]);

type Body = [name: string, type: string, bytes: Buffer, encoding?: string];
const BODIES: Body[] = [
  ['a PNG', 'image/png', PNG],
  ['a PDF', 'application/pdf', Buffer.concat([Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1'), EVERY_BYTE])],
  ['a workbook', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', ZIP],
  ['a gzip file', 'application/gzip', gzipSync(JSON_TEXT)],
  ['JSON, encoded with gzip', 'application/json', gzipSync(JSON_TEXT), 'gzip'],
  ['JSON, encoded with Brotli', 'application/json', brotliCompressSync(JSON_TEXT), 'br'],
  ['JSON, encoded with deflate', 'application/json', deflateSync(JSON_TEXT), 'deflate'],
  ['JSON', 'application/json', JSON_TEXT],
  ['Latin-1', 'text/plain; charset=iso-8859-1', Buffer.from('caf\xe9 \xdcber', 'latin1')],
  ['UTF-16', 'text/plain; charset=utf-16', Buffer.from('\ufeffä€', 'utf16le')],
  ['UTF-8 with a byte order mark', 'text/csv', Buffer.from('\ufeffa;b\r\nä;€\r\n')],
  ['U+FFFD that a user typed', 'text/plain; charset=utf-8', Buffer.from('what is \ufffd?')],
  ['NUL and other controls', 'application/octet-stream', EVERY_BYTE.subarray(0, 32)],
  ['every byte', 'application/octet-stream', EVERY_BYTE],
  ['text that looks like Base64', 'text/plain', Buffer.from('aGVsbG8=')],
  ['a form', 'application/x-www-form-urlencoded', Buffer.from('a=1&b=%C3%A4+%2B&a=2')],
  ['3 MB', 'application/octet-stream', randomBytes(3_000_000)],
];

let gate: RunningGate;
let upstream: Upstream;
let lighttpd: RealServer;
let php: RealServer;
let nginx: RealServer;
let credentials: Readonly<Record<'widget' | 'analytics' | 'data-router', readonly Header[]>>;

beforeAll(async () => {
  [upstream, lighttpd, php, nginx] = await Promise.all([
    startUpstream(),
    startLighttpd(),
    startPhp(),
    startNginx('gzip on; gzip_types application/json; gzip_min_length 1; gzip_proxied any;', {
      'picture.png': PNG,
      'data.json': JSON_TEXT,
    }),
  ]);
  gate = await gateBefore(upstream.url, upstream.url, upstream.url);
  credentials = await credentialsOf(gate);
});
afterAll(async () => {
  await Promise.all([gate, upstream, lighttpd, php, nginx].map((each) => each?.close()));
});
beforeEach(() => {
  upstream.answerWith({});
  upstream.takeCalls();
});

const gateBefore = (widget: string, analytics: string, dataRouter: string): Promise<RunningGate> =>
  startGate({
    environment: {
      [environment.upstreamUrl]: widget,
      [environment.analyticsUpstreamUrl]: analytics,
      [environment.dataRouterUpstreamUrl]: dataRouter,
    },
  });
async function credentialsOf(of: RunningGate): Promise<typeof credentials> {
  const portal = await Portal.open(of);
  const key = await addServiceKey(of, { purpose: 'data-router' });
  return {
    widget: [['X-Widget-Token', of.signToken()]],
    analytics: bearer(await portal.securityToken()),
    'data-router': [['X-API-Key', key.apiKey]],
  };
}

type Tree = keyof typeof credentials;
const TREES: Tree[] = ['widget', 'analytics', 'data-router'];
const ask = (tree: Tree, path: string, { headers = [], ...more }: Partial<HttpCall> = {}): Promise<HttpAnswer> =>
  gate.call({ path: `/api/${tree}/${path}`, headers: [...credentials[tree], ...headers], ...more });
const digest = (bytes: Buffer): string => `${bytes.length} ${createHash('md5').update(bytes).digest('hex')}`;

describe.each(BODIES.map((body) => [body[0], body] as const))('%s', (_name, [, type, bytes, encoding]) => {
  const described = { 'Content-Type': type, ...(encoding !== undefined && { 'Content-Encoding': encoding }) };

  test.each(TREES)('arrives at the caller of the %s API as the upstream sent it', async (tree) => {
    upstream.answerWith({ headers: described, body: bytes });
    const answer = await ask(tree, 'file');
    expect([answer.status, digest(answer.bytes)]).toEqual([200, digest(bytes)]);
    expect(answer.headers['content-type']).toEqual([type]);
    expect(answer.headers['content-encoding']).toEqual(encoding === undefined ? undefined : [encoding]);
  });

  test.each(TREES)('arrives at the upstream of the %s API as the caller sent it', async (tree) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await ask(tree, 'file', { method, headers: Object.entries(described), body: bytes });
      const [call] = upstream.takeCalls();
      expect([answer.status, call?.method]).toEqual([200, method]);
      expect(digest(call?.bytes ?? Buffer.alloc(0))).toBe(digest(bytes));
      expect(call?.headers).toMatchObject(
        Object.fromEntries(Object.entries(described).map(([name, value]) => [name.toLowerCase(), value])),
      );
    }
  });
});

test.each(TREES)(
  "the bytes of a header's value pass both ways on the %s API, beside text and other bytes",
  async (tree) => {
    const value = `${Buffer.from('attachment; filename="Übersicht €.csv"').toString('latin1')}\xe9`;
    for (const body of [JSON_TEXT, EVERY_BYTE]) {
      upstream.answerWith({ headers: { 'Content-Disposition': value }, body });
      const answer = await ask(tree, 'file', { method: 'POST', headers: [['X-Theirs', value]], body });
      expect(answer.headers['content-disposition']).toEqual([value]);
      expect(upstream.takeCalls().map(({ headers }) => headers['x-theirs'])).toEqual([value]);
    }
  },
);

describe('behind servers of others', () => {
  let real: RunningGate;
  let known: typeof credentials;
  beforeAll(async () => {
    real = await gateBefore(nginx.url, php.url, lighttpd.url);
    known = await credentialsOf(real);
  });
  afterAll(() => real?.close());
  const call = (tree: Tree, path: string, { headers = [], ...more }: Partial<HttpCall> = {}): Promise<HttpAnswer> =>
    real.call({ path: `/api/${tree}/${path}`, headers: [...known[tree], ...headers], ...more });
  const program = async (tree: Tree, path: string, more: Partial<HttpCall> = {}): Promise<ProgramRequest> => {
    const answer = await call(tree, path, more);
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    return answer.json as unknown as ProgramRequest;
  };

  test.each(BODIES.map((body) => [body[0], body] as const))(
    '%s arrives at a program as it was sent',
    async (_name, body) => {
      const [, type, bytes, encoding] = body;
      const headers: Header[] = [['Content-Type', type]];
      if (encoding !== undefined) headers.push(['Content-Encoding', encoding]);
      for (const tree of ['analytics', 'data-router'] as const) {
        const request = await program(tree, 'upload', { method: 'POST', headers, body: bytes });
        expect([tree, digest(Buffer.from(request.body, 'base64'))]).toEqual([tree, digest(bytes)]);
        expect(request.variables).toMatchObject({ CONTENT_TYPE: type, CONTENT_LENGTH: String(bytes.length) });
      }
    },
  );

  test('a form with files arrives with its files', async () => {
    const form = new FormData();
    form.set('note', 'ä \ufffd');
    form.set('picture', new Blob([PNG], { type: 'image/png' }), 'bild ä.png');
    form.set('book', new Blob([ZIP]), 'book.xlsx');
    const encoded = new Response(form);
    const type = encoded.headers.get('content-type') ?? '';
    const body = Buffer.from(await encoded.arrayBuffer());
    const { files } = await program('analytics', 'upload', { method: 'POST', headers: [['Content-Type', type]], body });
    const md5 = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');
    expect(files).toEqual([
      ['picture', 'bild ä.png', PNG.length, md5(PNG)],
      ['book', 'book.xlsx', ZIP.length, md5(ZIP)],
    ]);
  });

  test('a file of nginx arrives with its ETag, and is not sent again to who has it', async () => {
    const first = await call('widget', 'picture.png');
    expect([first.status, digest(first.bytes), first.headers['content-type']]).toEqual([
      200,
      digest(PNG),
      ['image/png'],
    ]);
    const etag = first.headers.etag?.[0] ?? '';
    const modified = first.headers['last-modified']?.[0] ?? '';
    for (const header of [
      ['If-None-Match', etag],
      ['If-Modified-Since', modified],
    ] as const) {
      const again = await call('widget', 'picture.png', { headers: [header] });
      expect([again.status, again.text, again.headers.etag]).toEqual([304, '', [etag]]);
      expect(again.headers.vary?.join()).toContain('X-Widget-Token');
    }
  });

  test.each<[string, number, Buffer, string | undefined]>([
    ['bytes=0-9', 206, PNG.subarray(0, 10), `bytes 0-9/${PNG.length}`],
    ['bytes=8-', 206, PNG.subarray(8), `bytes 8-${PNG.length - 1}/${PNG.length}`],
    ['bytes=-12', 206, PNG.subarray(-12), `bytes ${PNG.length - 12}-${PNG.length - 1}/${PNG.length}`],
    ['bytes=100000-', 416, Buffer.alloc(0), `bytes */${PNG.length}`],
  ])('the range %s of a file of nginx arrives as %i', async (range, status, bytes, contentRange) => {
    const answer = await call('widget', 'picture.png', { headers: [['Range', range]] });
    expect([answer.status, answer.headers['content-range']]).toEqual([status, [contentRange]]);
    if (status === 206) expect(digest(answer.bytes)).toBe(digest(bytes));
  });

  test('HEAD of a file of nginx is its headers without its bytes, and states no other length than GET', async () => {
    const { status, bytes, headers } = await call('widget', 'picture.png', { method: 'HEAD' });
    expect([
      status,
      bytes.length,
      headers['content-type'],
      headers['content-length'],
      typeof headers.etag?.[0],
    ]).toEqual([200, 0, ['image/png'], undefined, 'string']);
  });

  test('nginx compresses for who accepts it, and for nobody else', async () => {
    const plain = await call('widget', 'data.json');
    expect([plain.headers['content-encoding'], digest(plain.bytes)]).toEqual([undefined, digest(JSON_TEXT)]);
    const packed = await call('widget', 'data.json', { headers: [['Accept-Encoding', 'gzip, br']] });
    expect(packed.headers['content-encoding']).toEqual(['gzip']);
    expect(digest(gunzipSync(packed.bytes))).toBe(digest(JSON_TEXT));
  });

  /** As they were sent: every character that RFC 3986 allows in a segment, and escapes in the caller's spelling. */
  const PATHS = [
    'a;b=1',
    'items/42:archive',
    'a,b',
    'a+b',
    'a@b',
    "a!$&'()*=b",
    'a~b._-',
    'a%20b',
    'a%2Bb%2bb',
    '%C3%A4/%c3%a4',
    'a%3Fb%23c',
    'a%25b',
    '%61',
    'a//b',
    'a/',
  ];
  test.each(PATHS)('the path %s arrives as it was sent', async (path) => {
    for (const [tree, base] of [
      ['analytics', ''],
      ['data-router', '/base'],
    ] as const)
      expect((await program(tree, path)).target).toBe(`${base}/${path}`);
  });

  test.each([
    'a%2Fb',
    'a%2fb',
    'a%5Cb',
    '%2e%2e/x',
    '..;/x',
    'a/%2E./b',
    '%00',
    'a%0d%0ab',
    'a%7Fb',
    'a%C2%85b',
    'a%E2%80%A8b',
  ])('the path %s, which servers read in different ways, arrives nowhere', async (path) => {
    for (const tree of ['analytics', 'data-router'] as const) {
      const { status, json } = await call(tree, path);
      expect([status, json.code]).toEqual([400, 'invalid_path']);
    }
  });

  /** The gateway hands queries on decoded: what it has lost is lost, and every server reads the same of the rest. */
  test.each<[string, string]>([
    ['?q=a%20b', '?q=a%20b'],
    ['?q=a+b', '?q=a%20b'],
    ['?q=a%2Bb', '?q=a%2Bb'],
    ['?a', '?a='],
    ['?a=', '?a='],
    ['?x=1&x=2', '?x=1&x=2'],
    ['?x=1&y=2&x=3', '?x=1&x=3&y=2'],
    ['?q=%C3%A4%E2%82%AC', '?q=%C3%A4%E2%82%AC'],
    ['?q=%E9', '?q=%EF%BF%BD'],
    ['?q=a%26b%3Dc', '?q=a%26b%3Dc'],
    ['?q=a/b?c', '?q=a%2Fb%3Fc'],
    ['?a%20b=1', '?a%20b=1'],
    ['?', ''],
  ])('the query %s arrives as %s', async (sent, arrives) => {
    for (const [tree, base] of [
      ['analytics', ''],
      ['data-router', '/base'],
    ] as const)
      expect((await program(tree, `x${sent}`)).target).toBe(`${base}/x${arrives}`);
  });
});

test.each([204, 205, 304])('an answer %i has no body, and its headers are there', async (status) => {
  upstream.answerWith({ status, headers: { ETag: '"1"', 'X-Theirs': 'a' }, body: '' });
  const answer = await ask('widget', 'x');
  expect([answer.status, answer.text, answer.headers.etag, answer.headers['x-theirs']]).toEqual([
    status,
    '',
    [expect.stringMatching(/^"1\.[\w-]{16}"$/)],
    ['a'],
  ]);
});

describe('of bodies, the largest that Lambda carries pass and larger ones do not:', () => {
  const { maxUpstreamBodyBytes } = limits;
  // Around a text the JSON has two quotes; bytes travel as Base64, four characters for three.
  const longestText = maxUpstreamBodyBytes - 2;
  const mostBytes = (maxUpstreamBodyBytes / 4) * 3;
  test.each<[string, Buffer, number]>([
    ['text at the limit', Buffer.alloc(longestText, 'a'), 200],
    ['text above it', Buffer.alloc(longestText + 1, 'a'), 502],
    ['bytes at the limit', Buffer.alloc(mostBytes, 0xff), 200],
    ['bytes above it', Buffer.alloc(mostBytes + 1, 0xff), 502],
    ['text of quotes, which are twice as long in JSON, as bytes', Buffer.alloc(mostBytes, '"'), 200],
    ['too many quotes', Buffer.alloc(mostBytes + 1, '"'), 502],
    ['what no Lambda function can return', Buffer.alloc(maxUpstreamBodyBytes + 1, 'a'), 502],
  ])('a response of %s', async (_name, body, status) => {
    upstream.answerWith({ headers: { 'Content-Type': 'application/octet-stream' }, body });
    const answer = await ask('widget', 'x');
    expect(answer.status).toBe(status);
    if (status === 200) expect(digest(answer.bytes)).toBe(digest(body));
    else expect(answer.json).toMatchObject({ code: 'upstream_failed' });
  });

  // Lambda's 6 MB event holds the body as Base64, beside headers and the rest, which are some kilobytes.
  const eventBytes = 6 * 1_024 * 1_024;
  test.each<[string, number, number]>([
    ['what fits into an event', Math.floor(((eventBytes - 12_000) / 4) * 3), 200],
    ['what does not', Math.ceil((eventBytes / 4) * 3), 413],
    ['what no gateway takes', 10 * 1_024 * 1_024 + 1, 413],
  ])('a request of %s', async (_name, bytes, status) => {
    const body = Buffer.alloc(bytes, 0xa5);
    const answer = await ask('widget', 'x', { method: 'POST', body });
    expect([answer.status, answer.json.code]).toEqual([status, status === 200 ? undefined : 'request_too_large']);
    expect(upstream.takeCalls().map((call) => digest(call.bytes))).toEqual(status === 200 ? [digest(body)] : []);
  });
});

describe('a method that API Gateway does not know', () => {
  test.each(['TRACE', 'PROPFIND', 'QUERY', 'PURGE', 'MKCOL', 'LOCK'])('%s, reaches nothing', async (method) => {
    for (const tree of TREES) {
      const answer = await ask(tree, 'x', { method });
      expect([answer.status, answer.json.code]).toEqual([404, 'not_found']);
    }
    expect(upstream.takeCalls()).toEqual([]);
  });

  test.each(['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'])('is not %s, which is forwarded', async (method) => {
    for (const tree of TREES) expect((await ask(tree, 'x', { method })).status).toBe(200);
    expect(upstream.takeCalls().map((call) => call.method)).toEqual([method, method, method]);
  });
});
