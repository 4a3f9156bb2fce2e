import { generateApiKey, type KeyEnvironment, type KeyKind } from '#lambda/crypto/api-key.ts';
import { misplacedKey } from '#lambda/platform/server-call.ts';

const OWN = { kind: 'an', environment: 'test' } as const;
const key = (kind: KeyKind, environment: KeyEnvironment = 'test'): string => generateApiKey(kind, environment).text;
const look = (apiKeys: string[], elsewhere: string[] = [], fromBrowser = true) =>
  misplacedKey({ apiKeys, elsewhere, fromBrowser }, OWN)?.text;

test.each<[string, KeyKind, KeyEnvironment]>([
  ['of another kind', 'sk', 'test'],
  ['of a third kind', 'dr', 'test'],
  ['of another environment', 'an', 'live'],
])('a key %s that a browser sent is misplaced, wherever it is', (_name, kind, environment) => {
  const text = key(kind, environment);
  for (const call of [[text], ['x', text], [`Bearer ${text}`]]) expect(look(call)).toBe(text);
  expect(look([], [text])).toBe(text);
  expect(look([key('an')], ['x', text])).toBe(text);
});

test("the route's own kind of key is not misplaced in its header, but elsewhere", () => {
  const own = key('an');
  expect(look([own])).toBeUndefined();
  expect(look([], [own])).toBe(own);
});

test.each([
  ['a dev key', key('dev')],
  ['junk', 'sk_test_nonsense'],
  ['nothing', ''],
  ['a key with a wrong checksum', key('sk').replace(/.$/, '!')],
])('%s is not misplaced', (_name, text) => {
  expect([look([text]), look([], [text])]).toEqual([undefined, undefined]);
});

test('no key that a server sent is misplaced', () => {
  expect(look([key('sk')], [key('dr')], false)).toBeUndefined();
});
