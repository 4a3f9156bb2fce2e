import fc from 'fast-check';
import { authenticateSession } from '#lambda/admin-login/session.ts';
import { SessionIds } from '#lambda/admin-login/session-id.ts';
import { newSecretId } from '#lambda/crypto/secret-id.ts';
import { DependencyError } from '#lambda/platform/stored.ts';

const ids = new SessionIds('mark');
const down = async (): Promise<never> => {
  throw new DependencyError('asked');
};
/** Stores that fail when they are asked. */
const unasked = { ids, sessions: { read: down }, members: { isMember: down } } as never;

test('an id has 256 random bits and its check, and each is another', () => {
  const made = Array.from({ length: 100 }, () => ids.make());
  expect(new Set(made.map((id) => id.slice(0, 43))).size).toBe(100);
  for (const id of made) expect([ids.isOurs(id), id]).toEqual([true, expect.stringMatching(/^[\w-]{43}[0-9a-f]{12}$/)]);
});

test('no change of an id passes, nor one by another mark', () => {
  const id = ids.make();
  expect(new SessionIds('another').isOurs(id)).toBe(false);
  const changed = fc.tuple(fc.nat(id.length - 1), fc.string({ minLength: 1, maxLength: 1 }));
  fc.assert(
    fc.property(changed, ([at, char]) => {
      const other = id.slice(0, at) + char + id.slice(at + 1);
      expect(ids.isOurs(other)).toBe(other === id);
    }),
  );
  for (const other of ['', id.slice(0, 43), id.slice(0, -1), `${id}0`, ` ${id}`, id.toUpperCase(), newSecretId()])
    expect(ids.isOurs(other)).toBe(false);
});

test('an empty mark, by which anyone could make ids, is refused', () => {
  expect(() => new SessionIds('')).toThrow(RangeError);
});

test('a made-up id costs no look at a store, one of ours does', async () => {
  for (const id of [newSecretId(), `${newSecretId()}${'0'.repeat(12)}`, new SessionIds('another').make()])
    expect(await authenticateSession([id], unasked, 0)).toBeUndefined();
  await expect(authenticateSession([ids.make()], unasked, 0)).rejects.toThrow(DependencyError);
});
