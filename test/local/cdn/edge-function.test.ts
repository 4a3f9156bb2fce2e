import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { edgeFunction, edgeResponseFunction } from '#local/cdn/edge-function.ts';

const sourceOf = (file: string): string => readFileSync(join(import.meta.dirname, '../../../lib/edge', file), 'utf8');
const pages = edgeFunction(sourceOf('pages.js'), 'E123');
const ask = (uri: string, method = 'GET') => pages({ method, uri, headers: { host: { value: 'gate.example.com' } } });

describe('the console', () => {
  test.each(['/admin', '/admin/'])('is shown at %s', (uri) => {
    expect(ask(uri)).toEqual({ kind: 'request', uri: '/admin/index.html' });
  });

  test.each(['GET', 'HEAD'])('is where a %s of the bare name leads', (method) => {
    expect(ask('/', method)).toEqual({ kind: 'response', status: 302, headers: [['location', '/admin/']] });
  });

  test.each([
    ['/', 'POST'],
    ['/admin/index.html', 'GET'],
    ['/admin/assets/x.js', 'GET'],
    ['/ADMIN', 'GET'],
    ['/adminx', 'GET'],
    ['//', 'GET'],
    ['/admin//', 'GET'],
    ['/nothing', 'GET'],
  ])('has no part in %s by %s', (uri, method) => {
    expect(ask(uri, method)).toEqual({ kind: 'request', uri });
  });
});

describe('the widget', () => {
  const anyPage = edgeResponseFunction(sourceOf('any-page.js'), 'E123');

  test.each([
    ['with an Origin', { origin: { value: 'https://shop.example.com' } }],
    ['without one', {}],
  ])('may be read by any page, asked for %s, and is otherwise as it was', (_name, headers) => {
    const request = { method: 'GET', uri: '/widget.js', headers };
    expect(
      anyPage(request, 200, [
        ['Content-Type', 'text/javascript'],
        ['access-control-allow-origin', 'https://other.example'],
      ]),
    ).toEqual([
      ['content-type', 'text/javascript'],
      ['access-control-allow-origin', '*'],
    ]);
  });
});

test.each(['pages.js', 'any-page.js'])("%s fits CloudFront's 10 KB and uses nothing that its runtime lacks", (file) => {
  const source = sourceOf(file);
  expect(Buffer.byteLength(source)).toBeLessThan(10_240);
  expect(source).not.toMatch(/\b(import|export|require|process|fetch|setTimeout|async)\b|const \{/);
});

describe('a function', () => {
  const request = { method: 'GET', uri: '/', headers: {} };

  test('has neither modules nor a process, and makes no code of texts', () => {
    const probe = edgeFunction(
      "function handler() { let made = false; try { made = eval('1') === 1 } catch (e) {} return { uri: [typeof require, typeof process, made].join() } }",
      'E123',
    );
    expect(probe(request)).toEqual({ kind: 'request', uri: 'undefined,undefined,false' });
  });

  test('that never ends is ended', () => {
    expect(() => edgeFunction('function handler() { for (;;); }', 'E123')(request)).toThrow(/timed out/);
  });
});
