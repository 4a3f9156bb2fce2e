import { PagePolicy } from '#lambda/analytics/preflight.ts';
import { DependencyError } from '#lambda/platform/stored.ts';
import type { ServiceKey } from '#lambda/service-keys/service-key.ts';
import { NOW, PAGE, serviceKey } from '#test/support/analytics.ts';

let now = NOW;
let keys: ServiceKey[];
let lists: number;
let failing: boolean;
let policy: PagePolicy;
beforeEach(() => {
  now = NOW;
  keys = [serviceKey().key];
  lists = 0;
  failing = false;
  const listKeys = async (): Promise<ServiceKey[]> => {
    lists += 1;
    if (failing) throw new DependencyError('the store is down');
    return keys;
  };
  policy = new PagePolicy({ listKeys, now: () => now * 1_000, random: () => 0.5 });
});

test('pages of analytics keys may call, those of other keys and of none may not', async () => {
  const dev = 'https://dev.example.com';
  keys.push(serviceKey({ purpose: 'dev', allowedOrigins: [dev] }).key);
  keys.push(serviceKey({ allowedOrigins: ['https://*.example.org'] }).key);
  const asked = [
    PAGE,
    dev,
    'https://a.example.org',
    'https://example.org',
    `${PAGE}.evil.com`,
    'null',
    '',
    '*',
    'https://*.example.org',
  ];
  const allowed = await Promise.all(asked.map((origin) => policy.allows(origin)));
  expect(asked.filter((_origin, index) => allowed[index])).toEqual([PAGE, 'https://a.example.org']);
});

test.each([
  ['that is live', NOW + 1, true],
  ['that was rotated out while its sessions may live', NOW - 28_799, true],
  ['whose last session is over', NOW - 28_800, false],
])('pages of a key %s', async (_name, credentialUntil, allowed) => {
  keys = [serviceKey({ credentialUntil }).key];
  expect(await policy.allows(PAGE)).toBe(allowed);
});

test('a warm question reads nothing, and the page of a new key is known at once', async () => {
  await Promise.all(Array.from({ length: 100 }, () => policy.allows(PAGE)));
  const added = 'https://new.example.com';
  keys = [...keys, serviceKey({ allowedOrigins: [added] }).key];
  expect([await policy.allows(added), lists]).toEqual([true, 2]);
});

test('while the store fails the last answer is valid for five minutes; without any it is a fault', async () => {
  await policy.allows(PAGE);
  failing = true;
  now += 299;
  expect(await policy.allows(PAGE)).toBe(true);
  now += 1;
  await expect(policy.allows(PAGE)).rejects.toMatchObject({ name: 'DependencyError' });
});
