import { DependencyError } from '#lambda/platform/stored.ts';
import { KeyUse } from '#lambda/service-keys/authenticate-service-key.ts';
import { NOW } from '#test/support/analytics.ts';

const HOUR = 3_600;

test('a use is noted once an hour and key, to the hour', async () => {
  const noted: [string, number][] = [];
  const use = new KeyUse({ note: async (...args) => void noted.push(args) }, () => undefined);
  const hour = NOW - (NOW % HOUR);
  for (const [keyId, after] of [
    ['a', 0],
    ['a', 1],
    ['b', 2],
    ['a', HOUR - 1],
    ['a', HOUR],
    ['b', HOUR + 5],
  ] as const)
    await use.note(keyId, hour + after);
  expect(noted).toEqual([
    ['a', hour],
    ['b', hour],
    ['a', hour + HOUR],
    ['b', hour + HOUR],
  ]);
});

test('a note that fails is reported, and fails no call', async () => {
  const failures: unknown[] = [];
  const failing = { note: () => Promise.reject(new DependencyError('the store is down')) };
  const use = new KeyUse(failing, (error) => failures.push(error));
  await use.note('a', NOW);
  expect(failures).toEqual([expect.any(DependencyError)]);
});
