import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { edgeFunction } from '../../../local/cdn/edge-function.ts';

const source = readFileSync(join(import.meta.dirname, '../../../lib/edge/pages.js'), 'utf8');
const pages = edgeFunction(source, 'E123');
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

test('the function fits CloudFront’s 10 KB and uses nothing that its runtime lacks', () => {
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
