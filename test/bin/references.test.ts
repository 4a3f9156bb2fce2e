import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { references } from '#bin/references/files.ts';
import { readGroups } from '#bin/references/limits.ts';
import { anchorOf } from '#bin/references/page.ts';
import { commands } from '#cli/commands.ts';
import { adminRoutes } from '#contract/admin-api.ts';
import { errors } from '#contract/errors.ts';
import { explanations } from '#contract/explanations.ts';
import { limits } from '#contract/limits.ts';
import { protectedTrees, routes } from '#contract/routes.ts';
import { openApiDocument, operations, Validation } from '../support/openapi.ts';

const root = join(import.meta.dirname, '../..');
const files = references();
const committed = (file: string): string => readFileSync(join(root, file), 'utf8');

test.each([...files.keys()])('%s is what the contract says (npm run references)', (file) => {
  expect(files.get(file)).toBe(committed(file));
});

test('the references are the same whenever they are made', () => {
  expect([...references()]).toEqual([...files]);
});

test.each([...files.keys()])('%s says for whom it is, and by which command it is made', (file) => {
  expect(committed(file)).toMatch(/This (page|document) is for /);
  expect(committed(file)).toContain('npm run references');
});

const headingsOf = (file: string): string[] =>
  [...committed(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

test('docs/errors.md has one anchor for each code and each reason', () => {
  const headings = headingsOf('docs/errors.md');
  const expected = new Set([...Object.keys(errors), ...Object.keys(explanations)]);
  for (const code of expected) expect([code, headings.filter((each) => each === code).length]).toEqual([code, 1]);
});

test('docs/limits.md has each limit once', () => {
  const names = [...committed('docs/limits.md').matchAll(/^\| `([A-Za-z]+)` \|/gm)].map(([, name]) => name);
  expect(names.sort()).toEqual(Object.keys(limits).sort());
});

test('a limit without a description or outside of a group is a mistake', () => {
  expect(() => readGroups('  // Group\n  one: 1,\n')).toThrow('does not describe one');
  expect(() => readGroups('  /** One. */\n  one: 1,\n')).toThrow('outside of a group');
});

test('docs/cli.md and docs/admin-api.md have a section for each command and each action', () => {
  for (const { words } of commands) expect(headingsOf('docs/cli.md')).toContain(anchorOf(words));
  for (const { action } of adminRoutes) expect(headingsOf('docs/admin-api.md')).toContain(action);
});

describe('docs/openapi.json', () => {
  const lint = (document: object) => new Validator().validate({ ...structuredClone(document) });

  test('is valid OpenAPI 3.1', async () => {
    expect(await lint(openApiDocument)).toEqual({ valid: true });
  });

  test.each<[string, (document: typeof openApiDocument) => object]>([
    [
      'an operation without responses',
      (document) => ({ ...document, paths: { '/x': { get: { operationId: 'x', responses: 1 } } } }),
    ],
    ['a path without a slash', (document) => ({ ...document, paths: { x: {} } })],
    ['a schema of no type', (document) => ({ ...document, components: { schemas: { X: { type: 'text' } } } })],
    [
      'a security scheme of no kind',
      (document) => ({ ...document, components: { securitySchemes: { X: { type: 'x' } } } }),
    ],
  ])('the linter refuses %s', async (_name, change) => {
    expect((await lint(change(openApiDocument))).valid).toBe(false);
  });

  test('has every route with every method, and every action of the admin API', () => {
    const listed = operations.map(({ method, path }) => `${method} ${path}`);
    const methodsOf = (method: string): string[] =>
      method === 'ANY' ? ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] : [method];
    const missing = routes.flatMap(({ method, path, auth, crossOrigin }) => {
      if (auth === 'admin-session') return [];
      // The handler of sessions itself refuses other methods.
      const methods = path === '/api/auth/session' ? ['GET', 'POST', 'DELETE'] : methodsOf(method);
      return [...methods, ...(crossOrigin === 'none' ? [] : ['OPTIONS'])]
        .map((each) => `${each} ${path.replace('{proxy+}', '{path}')}`)
        .filter((each) => !listed.includes(each));
    });
    const actions = adminRoutes.map(({ method, path }) => `${method} ${protectedTrees['admin-session']}${path}`);
    expect([...missing, ...actions.filter((each) => !listed.includes(each))]).toEqual([]);
  });

  test('has no operation twice, no tag and no credential that it does not describe', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = openApiDocument.tags.map(({ name }) => name);
    expect(operations.filter((operation) => !operation.tags.every((tag) => tags.includes(tag)))).toEqual([]);
    const used = new Set(operations.flatMap(({ security }) => security.flatMap((one) => Object.keys(one))));
    expect([...used].sort()).toEqual(Object.keys(openApiDocument.components.securitySchemes ?? {}).sort());
  });

  test('declares every parameter of every path', () => {
    for (const { path, parameters = [], operationId } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
      expect([operationId, declared]).toEqual([operationId, inPath]);
    }
  });

  test('has no component that nothing uses', () => {
    const text = committed('docs/openapi.json');
    const unused = Object.entries(openApiDocument.components)
      .filter(([kind]) => kind !== 'securitySchemes')
      .flatMap(([kind, all]) => Object.keys(all).map((name) => `#/components/${kind}/${name}`))
      .filter((reference) => !text.includes(`"${reference}"`));
    expect(unused).toEqual([]);
  });

  test('has a code of the catalog in some refusal, each', () => {
    const refusals = Object.keys(openApiDocument.components.responses ?? {}).flatMap((name) =>
      name.split('.').slice(1),
    );
    expect(Object.keys(errors).filter((code) => !refusals.includes(code))).toEqual([]);
  });

  test('has examples that its schemas accept', () => {
    const validation = new Validation(openApiDocument);
    const faults: string[] = [];
    const walk = (value: unknown, place: string): void => {
      if (typeof value !== 'object' || value === null) return;
      const { example, schema } = value as { example?: unknown; schema?: unknown };
      if (example !== undefined && schema !== undefined)
        faults.push(...validation.faultsOf(example, `${place}/schema`).map((fault) => `${place}: ${fault}`));
      for (const [name, member] of Object.entries(value))
        if (name !== 'example')
          walk(member, `${place}/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`);
    };
    walk(openApiDocument, '');
    expect(faults).toEqual([]);
  });
});
