import { limits } from '#contract/limits.ts';
import { ringKeyOf } from '#lambda/crypto/jwe.ts';
import { parseRing } from '#lambda/ring/ring.ts';
import { dropOldRingKeys, type RingRotation, rotationSteps } from '#lambda/ring/rotate-ring.ts';
import { sealingRotation } from '#lambda/shops/reseal-shops.ts';
import type { Shop } from '#lambda/shops/shop.ts';
import { openShopKey } from '#lambda/shops/shop-key-sealing.ts';
import { type MemoryRotation, memoryRotation, rotate, stepContext } from '#test/support/rotation.ts';
import { DEPLOYMENT, ringText, sealingKeysOf, testShop } from '#test/support/shops.ts';

const NOW = 1_800_000_000;
const context = stepContext({ nowSeconds: NOW });
let rotation: MemoryRotation;

beforeEach(() => {
  rotation = memoryRotation();
  for (let index = 0; index < 10; index += 1) addShop(`shop_${index}`);
});

function addShop(shopId: string, changes: Partial<Shop> = {}): void {
  rotation.shops.put(shopId, testShop(shopId, changes).shop);
}

const shopsOf = ({ shops }: MemoryRotation): Shop[] =>
  [...shops.records.values()].flatMap((stored) => (stored.kind === 'found' ? [stored.value] : []));

/** Shops that a verifier with the ring as it is now can't open. */
const unopened = (of: MemoryRotation): string[] =>
  shopsOf(of)
    .filter(({ shopId, keys }) =>
      keys.some((key) => {
        const place = { deployment: DEPLOYMENT, shopId, keyId: key.keyId };
        return !openShopKey(key, sealingKeysOf(of.ring.currentText), place).ok;
      }),
    )
    .map(({ shopId }) => shopId);
const ringKeysUsed = (of: MemoryRotation): string[] => [
  ...new Set(shopsOf(of).flatMap(({ keys }) => keys.map(({ sealed }) => ringKeyOf(sealed) ?? 'none'))),
];
const ringIds = (of: MemoryRotation): string[] => {
  const ring = parseRing(of.ring.currentText);
  return ring.ok ? [...ring.value.secrets.keys()] : [];
};

test('a rotation seals every shop with a new ring key and keeps the old one for the backups', async () => {
  const reports = await rotate(rotation, 'v1');
  expect(reports.map(({ resealed }) => resealed)).toEqual([0, 0, 10, 0]);
  expect([ringKeysUsed(rotation), ringIds(rotation), unopened(rotation)]).toEqual([['rk_2'], ['rk_1', 'rk_2'], []]);
  expect(rotation.ring.labels.has('AWSPENDING')).toBe(false);
});

test('before it is promoted nobody reads the new key; before it is sealed with, everybody can', async () => {
  await rotationSteps.createSecret(rotation, context);
  expect(ringIds(rotation)).toEqual(['rk_1']);
  await rotationSteps.setSecret(rotation, context);
  expect([ringIds(rotation), ringKeysUsed(rotation), unopened(rotation)]).toEqual([['rk_1', 'rk_2'], ['rk_1'], []]);
});

test('a key is retired by the first rotation after the time for which backups are kept', async () => {
  await rotate(rotation, 'v1', NOW);
  await rotate(rotation, 'v2', NOW + limits.ringKeyKeptSeconds - 1);
  expect(ringIds(rotation)).toEqual(['rk_1', 'rk_2', 'rk_3']);
  await rotate(rotation, 'v3', NOW + limits.ringKeyKeptSeconds);
  expect([ringIds(rotation), unopened(rotation)]).toEqual([['rk_2', 'rk_3', 'rk_4'], []]);
});

test.each<[string, () => void]>([
  [
    'a value that does not open',
    () => addShop('shop_x', { keys: [{ keyId: 'aaaaaaaa', sealed: 'junk', createdAt: 1 }] }),
  ],
  ['a value of another shop', () => addShop('shop_x', { keys: testShop('shop_other').shop.keys })],
  ['a corrupt record', () => void rotation.shops.records.set('shop_x', { kind: 'corrupt' })],
])('%s is reported, stops nobody else, and keeps the key that it may need', async (_name, spoil) => {
  spoil();
  const reports = await rotate(rotation, 'v1', NOW);
  expect(reports[2]).toEqual({ resealed: 10, unopenable: ['shop_x'] });
  await rotate(rotation, 'v2', NOW + 2 * limits.ringKeyKeptSeconds);
  expect(ringIds(rotation)).toContain('rk_1');
});

test('each step may be run again without effect', async () => {
  for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const) {
    await rotationSteps[step](rotation, context);
    const after = [rotation.ring.currentText, new Map(rotation.ring.labels), shopsOf(rotation)];
    await rotationSteps[step](rotation, context);
    expect([rotation.ring.currentText, new Map(rotation.ring.labels), shopsOf(rotation)]).toEqual(after);
  }
  const { currentText } = rotation.ring;
  await rotationSteps.createSecret(rotation, {
    ...context,
    versionId: rotation.ring.labels.get('AWSCURRENT') as string,
  });
  await rotationSteps.setSecret(rotation, context);
  expect(rotation.ring.currentText).toBe(currentText);
});

test('a ring that waited is promoted once, however often the step runs again', async () => {
  await rotationSteps.createSecret(rotation, context);
  const later = (seconds: number) => ({ ...context, nowSeconds: NOW + seconds });
  await rotationSteps.setSecret(rotation, later(86_400));
  const promoted = [rotation.ring.currentText, new Map(rotation.ring.labels)];
  expect(rotation.ring.labels.get('AWSCURRENT')).toBe('settled-1');
  await rotationSteps.setSecret(rotation, later(90_000));
  expect([rotation.ring.currentText, rotation.ring.labels]).toEqual(promoted);
});

test('refuses to promote a ring that lacks a key which the current one has', async () => {
  await rotationSteps.createSecret(rotation, context);
  rotation.ring.versions.set('v0', ringText({ rk_1: 'r'.repeat(64), rk_7: 's'.repeat(64) }));
  await expect(rotationSteps.setSecret(rotation, context)).rejects.toThrow('lacks a key');
  expect(ringIds(rotation)).toEqual(['rk_1', 'rk_7']);
});

test('refuses a malformed ring and changes nothing', async () => {
  rotation.ring.versions.set('v0', '{"version":1}');
  await expect(rotationSteps.createSecret(rotation, context)).rejects.toThrow('malformed');
  expect([...rotation.ring.versions.keys()]).toEqual(['v0']);
});

test('before anything is sealed with a new key, readers get the time to read it; without anything to seal nobody waits', async () => {
  let waits = 0;
  const letReadersRefresh = async (): Promise<void> => {
    waits += 1;
    expect([ringIds(rotation), ringKeysUsed(rotation)]).toEqual([['rk_1', 'rk_2'], ['rk_1']]);
  };
  await rotationSteps.createSecret(rotation, context);
  await rotationSteps.setSecret(rotation, context);
  await rotationSteps.testSecret(rotation, { ...context, letReadersRefresh });
  await rotationSteps.testSecret(rotation, { ...context, letReadersRefresh });
  expect([waits, ringKeysUsed(rotation)]).toEqual([1, ['rk_2']]);
});

test('a change that an administrator makes meanwhile is kept', async () => {
  const replace = rotation.shops.replace.bind(rotation.shops);
  let interfered = false;
  rotation.shops.replace = async (shop) => {
    const stored = rotation.shops.records.get('shop_4');
    if (shop.shopId === 'shop_4' && !interfered && stored?.kind === 'found') {
      interfered = true;
      await replace({ ...stored.value, disabled: true, version: stored.value.version + 1 });
    }
    return replace(shop);
  };
  await rotate(rotation, 'v1');
  const changed = shopsOf(rotation).find(({ shopId }) => shopId === 'shop_4');
  expect([changed?.disabled, changed?.version, ringKeysUsed(rotation)]).toEqual([true, 3, ['rk_2']]);
});

test('a step whose time is up keeps what it did and goes on from there when it is run again', async () => {
  await rotationSteps.createSecret(rotation, context);
  await rotationSteps.setSecret(rotation, context);
  let looks = 0;
  const hasTime = (): boolean => {
    looks += 1;
    return looks <= 4;
  };
  await expect(rotationSteps.testSecret(rotation, { ...context, hasTime })).rejects.toThrow('run it again');
  expect(ringKeysUsed(rotation).sort()).toEqual(['rk_1', 'rk_2']);
  const { resealed } = await rotationSteps.testSecret(rotation, context);
  expect(resealed).toBeLessThan(10);
  expect(ringKeysUsed(rotation)).toEqual(['rk_2']);
});

test('run again after its end, as when only the answer of its last step was lost, a rotation changes nothing', async () => {
  await rotate(rotation, 'v1', NOW);
  await rotate(rotation, 'v2', NOW + limits.ringKeyKeptSeconds);
  const after = [rotation.ring.currentText, new Map(rotation.ring.labels), shopsOf(rotation)];
  await rotate(rotation, 'v2', NOW + limits.ringKeyKeptSeconds);
  expect([rotation.ring.currentText, new Map(rotation.ring.labels), shopsOf(rotation)]).toEqual(after);
});

test('two runs of one rotation that overtake each other prepare one version between them', async () => {
  await Promise.all([rotationSteps.createSecret(rotation, context), rotationSteps.createSecret(rotation, context)]);
  await rotate(rotation, 'v1');
  expect([ringIds(rotation), ringKeysUsed(rotation), unopened(rotation)]).toEqual([['rk_1', 'rk_2'], ['rk_2'], []]);
});

/** A rotation whose every store operation counts, and which dies at the nth, before or after it took effect. */
function dyingAt(of: MemoryRotation, n: number, when: 'before' | 'after'): RingRotation {
  let operations = 0;
  const guard = <Store extends object>(store: Store): Store =>
    new Proxy(store, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          operations += 1;
          if (operations > n || (operations === n && when === 'before')) throw new Error('killed');
          const value: unknown = await Reflect.apply(member, target, args);
          if (operations >= n && when === 'after') throw new Error('killed');
          return value;
        };
      },
    });
  const { deployment } = of;
  return sealingRotation({
    ring: guard(of.ring),
    shops: guard(of.shops),
    references: guard(of.references),
    deployment,
  });
}

/** As Secrets Manager: a rotation that prepared a version and did not end goes on under its id. */
const nextVersion = ({ ring }: MemoryRotation, fresh: string): string => {
  const pending = ring.labels.get('AWSPENDING');
  return pending !== undefined && pending !== ring.labels.get('AWSCURRENT') ? pending : fresh;
};

test.each(['before', 'after'] as const)(
  'killed at any operation, %s its effect: every shop opens at every moment, and a rotation run again completes it',
  async (when) => {
    let kills = 0;
    for (let n = 1; ; n += 1) {
      const one = memoryRotation();
      for (let index = 0; index < 10; index += 1) one.shops.put(`shop_${index}`, testShop(`shop_${index}`).shop);
      const died = await rotate(dyingAt(one, n, when), 'v1').then(
        () => false,
        () => true,
      );
      expect(unopened(one)).toEqual([]);
      if (!died) break;
      kills += 1;
      await rotate(one, nextVersion(one, 'v2'));
      expect([unopened(one), ringKeysUsed(one)]).toEqual([[], [sealingKeysOf(one.ring.currentText).sealWith]]);
    }
    expect(kills).toBeGreaterThan(45);
  },
);

test('killed a hundred times in a row, each time a little later: nothing is lost and it ends', async () => {
  for (let n = 1; n <= 100; n += 1) {
    await rotate(
      dyingAt(rotation, 1 + (n % 60), n % 2 === 0 ? 'before' : 'after'),
      nextVersion(rotation, `v${n}`),
    ).catch(() => undefined);
    expect(unopened(rotation)).toEqual([]);
  }
  await rotate(rotation, nextVersion(rotation, 'last'));
  expect([unopened(rotation), ringKeysUsed(rotation).length]).toEqual([[], 1]);
});

describe('dropping the old ring keys', () => {
  const settled = stepContext({ nowSeconds: NOW + limits.ringSettledSeconds });

  test('leaves the newest key alone, every shop sealed with it, and no version that holds another', async () => {
    await rotate(rotation, 'v1', NOW);
    addShop('shop_late');
    expect(await dropOldRingKeys(rotation, settled)).toEqual({ resealed: 1, unopenable: [] });
    expect([ringIds(rotation), ringKeysUsed(rotation), unopened(rotation)]).toEqual([['rk_2'], ['rk_2'], []]);
    expect([...rotation.ring.labels.keys()]).toEqual(['AWSCURRENT']);
    const { currentText } = rotation.ring;
    expect(await dropOldRingKeys(rotation, settled)).toEqual({ resealed: 0, unopenable: [] });
    expect(rotation.ring.currentText).toBe(currentText);
  });

  test('refuses while a cache of the ring may seal with one of them, and changes nothing', async () => {
    await rotate(rotation, 'v1', NOW);
    const early = stepContext({ nowSeconds: NOW + limits.ringSettledSeconds - 1 });
    await expect(dropOldRingKeys(rotation, early)).rejects.toThrow('drop them in 1 s');
    expect(ringIds(rotation)).toEqual(['rk_1', 'rk_2']);
  });

  test("a rotation that was prepared before can't bring them back", async () => {
    await rotate(rotation, 'v1', NOW);
    const prepared = stepContext({ versionId: 'v2', nowSeconds: NOW });
    await rotationSteps.createSecret(rotation, prepared);
    await dropOldRingKeys(rotation, settled);
    await rotationSteps.setSecret(rotation, prepared);
    expect(ringIds(rotation)).toEqual(['rk_2']);
  });

  test('a shop that no key opens is reported and stops nobody', async () => {
    addShop('shop_x', { keys: testShop('shop_other').shop.keys });
    await rotate(rotation, 'v1', NOW);
    expect(await dropOldRingKeys(rotation, settled)).toEqual({ resealed: 0, unopenable: ['shop_x'] });
    expect(ringIds(rotation)).toEqual(['rk_2']);
  });

  test('killed before the new ring is current, it drops them when it is run again', async () => {
    await rotate(rotation, 'v1', NOW);
    const { makeCurrent } = rotation.ring;
    rotation.ring.makeCurrent = () => Promise.reject(new Error('killed'));
    await expect(dropOldRingKeys(rotation, settled)).rejects.toThrow('killed');
    rotation.ring.makeCurrent = makeCurrent;
    await dropOldRingKeys(rotation, settled);
    expect([ringIds(rotation), unopened(rotation)]).toEqual([['rk_2'], []]);
  });
});
