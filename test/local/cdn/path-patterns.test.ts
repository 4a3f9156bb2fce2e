import fc from 'fast-check';
import type { CacheBehavior } from '#local/cdn/model.ts';
import { BehaviorFinder, normalizedPath } from '#local/cdn/path-patterns.ts';

const behavior = (pathPattern: string, kind: 'api' | 'files', viewerRequestCode?: string): CacheBehavior => ({
  pathPattern,
  methods: ['GET', 'HEAD'],
  origin:
    kind === 'api'
      ? { kind, apiId: 'a' }
      : { kind, bucket: { logicalId: 'B', arn: 'arn:aws:s3:::b' }, objects: new Map() },
  headers: [],
  viewerRequestCode,
  viewerResponseCode: undefined,
});

const finder = new BehaviorFinder([
  behavior('/api/*', 'api'),
  behavior('/admin/api*', 'api'),
  behavior('/widget.js', 'files'),
  behavior('/widget/*', 'files'),
  behavior('/v?/x', 'files'),
  behavior('/admin/*', 'files'),
  behavior('*', 'api', 'code'),
]);

test.each([
  ['/api/x', '/api/*'],
  ['/api/', '/api/*'],
  ['/api', '*'],
  ['/API/x', '*'],
  ['/apix', '*'],
  ['/admin/api', '/admin/api*'],
  ['/admin/api/session', '/admin/api*'],
  ['/admin/a', '/admin/*'],
  ['/admin', '*'],
  ['/widget.js', '/widget.js'],
  ['/widgetxjs', '*'],
  ['/widget/a/b/c', '/widget/*'],
  ['/v1/x', '/v?/x'],
  ['/v12/x', '*'],
  ['/v/x', '*'],
  ['//api//x', '/api/*'],
  ['/x/../api/x', '/api/*'],
  ['/api/../widget.js', '/widget.js'],
  ['/api/./../widget.js', '/widget.js'],
  ['/%61pi/x', '/api/*'],
  ['/api%2Fx', '*'],
  ['/widget/..', '*'],
  ['/../../widget.js', '/widget.js'],
  ['/%2e%2E/widget.js', '/widget.js'],
  ['/', '*'],
  ['', '*'],
])('%j goes to the first behavior that matches its normal form: %s', (path, pattern) => {
  expect(finder.find(path).pathPattern).toBe(pattern);
});

test.each([
  ['/a/b', '/a/b'],
  ['/a/./b', '/a/b'],
  ['/a/b/..', '/a/'],
  ['/a/b/../', '/a/'],
  ['/a/.', '/a/'],
  ['/..', '/'],
  ['//', '/'],
  ['/a%2Fb', '/a%2Fb'],
  ['/%7Ea%2d', '/~a-'],
  ['/%zz', '/%zz'],
])('the normal form of %s is %s', (path, normal) => {
  expect(normalizedPath(path)).toBe(normal);
});

test.each(['/api/widget/session', '/admin/api/shops?limit=5'])('%s needs no second look', (url) => {
  expect(finder.isPlainCall(url)).toBe(true);
});

const piece = fc.constantFrom('/', 'api', 'admin', 'widget', '.js', '.', '..', '%2e', '%2F', '%61', '?', 'x', '*');

test("what needs no second look is the API's after one", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const url = `/${pieces.join('')}`;
      if (!finder.isPlainCall(url)) return;
      const found = finder.find(url.split('?', 1)[0] as string);
      expect([found.origin.kind, found.viewerRequestCode]).toEqual(['api', undefined]);
    }),
    { numRuns: 3_000 },
  );
});
