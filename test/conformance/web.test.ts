import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { type RunningGate, startGate } from '../support/gate.ts';
import type { HttpAnswer, HttpCall } from '../support/http.ts';

const WEB = join(import.meta.dirname, '../../dist/web');
const VERSIONED = `/widget/${packageJson.version}/widget.js`;
const FIVE_MINUTES = 'public, max-age=300, stale-while-revalidate=86400';
const A_YEAR = 'public, max-age=31536000, immutable';

let gate: RunningGate;
beforeAll(async () => {
  gate = await startGate();
});
afterAll(() => gate.close());

const get = (path: string, more: Partial<HttpCall> = {}): Promise<HttpAnswer> => gate.call({ path, ...more });
const header = ({ headers }: HttpAnswer, name: string): string | undefined => headers[name]?.join(', ');
const built = (file: string): string => readFileSync(join(WEB, file), 'utf8');
const asset = (): string => /src="(\/admin\/assets\/[^"]+)"/.exec(built('admin/index.html'))?.[1] ?? '';

test.each<[string, () => string, string, string, string]>([
  ['the widget', () => '/widget.js', 'widget.js', 'text/javascript', FIVE_MINUTES],
  ['a version of the widget', () => VERSIONED, VERSIONED.slice(1), 'text/javascript', A_YEAR],
  ['what the latest version is', () => '/widget/latest.json', 'widget/latest.json', 'application/json', FIVE_MINUTES],
  ['the console', () => '/admin/', 'admin/index.html', 'text/html', 'no-cache'],
  ['the console without a slash', () => '/admin', 'admin/index.html', 'text/html', 'no-cache'],
  ['the console by its file', () => '/admin/index.html', 'admin/index.html', 'text/html', 'no-cache'],
  [
    "a version's page about errors",
    () => VERSIONED.replace('widget.js', 'errors.html'),
    VERSIONED.slice(1).replace('widget.js', 'errors.html'),
    'text/html',
    A_YEAR,
  ],
  ['a file of the console', asset, '', 'text/javascript', A_YEAR],
])('%s is served as it was built, to be kept as long as its name is for', async (_name, path, file, type, kept) => {
  const answer = await get(path());
  expect([answer.status, header(answer, 'content-type'), header(answer, 'cache-control')]).toEqual([200, type, kept]);
  expect(answer.text).toBe(built(file === '' ? path().slice(1) : file));
  expect(header(answer, 'x-content-type-options')).toBe('nosniff');
});

test("the console's pages load their own files alone, are in no frame and make no HTML of texts", async () => {
  const answer = await get('/admin/');
  expect(header(answer, 'content-security-policy')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; " +
      "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  );
  expect(header(answer, 'x-frame-options')).toBe('DENY');
  expect(header(answer, 'referrer-policy')).toBe('no-referrer');
  expect(header(answer, 'cross-origin-opener-policy')).toBe('same-origin');
  expect(header(answer, 'cross-origin-resource-policy')).toBe('same-origin');
  expect(header(answer, 'permissions-policy')).toContain('camera=()');
  expect(header(answer, 'access-control-allow-origin')).toBeUndefined();
});

test.each(['/widget.js', VERSIONED, '/widget/latest.json'])('any page may read %s, with an integrity', async (path) => {
  const etag = header(await get(path), 'etag') ?? '';
  // A browser keeps what a plain tag loads, and takes it for one with an integrity.
  for (const headers of [[], [['Origin', 'https://shop.example.com']], [['If-None-Match', etag]]] as const) {
    const answer = await get(path, { headers });
    expect(header(answer, 'access-control-allow-origin')).toBe('*');
    expect(header(answer, 'vary')).toBeUndefined();
    expect(header(answer, 'cross-origin-resource-policy')).toBe('cross-origin');
    expect(header(answer, 'access-control-allow-credentials')).toBeUndefined();
    expect(header(answer, 'content-security-policy')).toMatch(/^default-src 'none'; base-uri 'none';/);
  }
});

test('the widget reads the same in a page of any encoding', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is what it looks for
  expect(built('widget.js')).toMatch(/^[\x00-\x7f]*$/);
});

test('the bare name leads to the console', async () => {
  const answer = await get('/');
  expect([answer.status, header(answer, 'location')]).toEqual([302, '/admin/']);
});

test('a caller that has a file already gets 304, without it', async () => {
  const etag = header(await get('/widget.js'), 'etag') ?? '';
  for (const sent of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
    const answer = await get('/widget.js', { headers: [['If-None-Match', sent]] });
    expect([sent, answer.status, answer.text, header(answer, 'etag')]).toEqual([sent, 304, '', etag]);
    expect(header(answer, 'cache-control')).toBe(FIVE_MINUTES);
  }
  expect((await get('/widget.js', { headers: [['If-None-Match', '"x"']] })).status).toBe(200);
});

test('HEAD is GET without the body', async () => {
  const answer = await get('/widget.js', { method: 'HEAD' });
  expect([answer.status, answer.text, header(answer, 'content-length')]).toEqual([
    200,
    '',
    String(Buffer.byteLength(built('widget.js'))),
  ]);
});

test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('refuses to %s a file', async (method) => {
  for (const path of ['/widget.js', VERSIONED, '/admin/', '/admin/x'])
    expect((await get(path, { method })).status).toBe(403);
});

test.each([
  '/widget/9.9.9/widget.js',
  '/widget/',
  '/widget/../../package.json',
  '/widget/..%2f..%2f..%2fpackage.json',
  '/widget/%2e%2e/%2e%2e/package.json',
  '/widget/..%5c..%5cpackage.json',
  '/widget/%00',
  `${VERSIONED}/`,
  `/widget//${packageJson.version}/widget.js`,
  '/admin/index.html/',
  '/admin/assets/',
  '/admin/assets/../../../package.json',
])('refuses %s with 404: a key is a name and leads nowhere else', async (path) => {
  const { status, text } = await get(path);
  expect([status, text.includes('"name"')]).toEqual([404, false]);
});

test('a missing file is not kept by anybody', async () => {
  expect(header(await get('/widget/9.9.9/widget.js'), 'cache-control')).toBeUndefined();
});

test.each([
  ['/api/nothing', 404],
  ['/devapi/nothing', 404],
  ['/admin/api/session', 401],
  ['/admin/api/', 404],
  ['/admin/api', 404],
  ['/nothing', 404],
  ['/API/widget/session', 404],
  ['/x/../api/widget/session', 404],
  ['/dev/api/widget/session', 401],
])("%s is the API's, whose answer comes through as it is", async (path, status) => {
  const answer = await get(path, { headers: [['Origin', 'https://page.example']] });
  expect([answer.status, header(answer, 'content-type')]).toEqual([status, 'application/json']);
  expect(answer.json).toMatchObject({ code: expect.any(String), requestId: expect.any(String) });
  expect(header(answer, 'access-control-allow-origin')).toBe('https://page.example');
  expect(header(answer, 'cache-control')).toBe('no-store');
  expect(header(answer, 'content-security-policy')).toBeUndefined();
});

test('nothing makes a browser insist on HTTPS where there is none', async () => {
  for (const path of ['/', '/admin/', '/widget.js', '/api/nothing'])
    expect(header(await get(path), 'strict-transport-security')).toBeUndefined();
});
