import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { limits } from '#contract/limits.ts';
import { Assertions } from '#lambda/forwarding/assertion.ts';
import { deriveSigningKeys, publicKeysOf, type SigningKeys, signingRotation } from '#lambda/forwarding/signing-keys.ts';
import { DependencyError } from '#lambda/platform/stored.ts';
import { parseRing, type Ring, type RingVersionStore } from '#lambda/ring/ring.ts';
import { RingKeeper } from '#lambda/ring/ring-keeper.ts';
import { dropOldRingKeys, type RotationStep, rotationSteps } from '#lambda/ring/rotate-ring.ts';
import { MemoryRingVersions, stepContext } from '#test/support/rotation.ts';
import { DEPLOYMENT } from '#test/support/shops.ts';

const START = 1_800_000_000;
const STEPS: readonly RotationStep[] = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];
const call = { audience: 'https://api.example.com', method: 'GET', path: '/', requestId: 'r-1', identity: {} };

/** An upstream, with the function from which it fetches the public keys. */
interface CachingUpstream {
  readonly publisher: RingKeeper<SigningKeys>;
  kids: readonly string[];
  keyOf: ReturnType<typeof createLocalJWKSet>;
  fetchedAt: number;
}

/** A gate in memory whose time a test makes pass: functions with caches of their own, and upstreams with theirs. */
class World {
  readonly ring = new MemoryRingVersions();
  now = START;
  isDown = false;
  /** Whether upstreams fetch the keys again when they meet an unknown one, as libraries do. */
  refetches = false;
  readonly signers: string[] = [];
  readonly #endpoints: Assertions[];
  readonly #upstreams: CachingUpstream[];

  constructor() {
    // The shortest and the longest life of a cache, and one between.
    const jitters = [0, 0.5, 0.999];
    this.#endpoints = jitters.map((jitter) => new Assertions(this.#keeper(jitter), 'widget-gate:dev:x'));
    this.#upstreams = jitters.map((jitter) => ({
      publisher: this.#keeper(jitter),
      kids: [],
      keyOf: createLocalJWKSet({ keys: [] }),
      fetchedAt: 0,
    }));
  }

  #keeper(jitter: number): RingKeeper<SigningKeys> {
    const read = async (): Promise<string> => {
      if (this.isDown) throw new DependencyError('down');
      return this.ring.currentText;
    };
    const derive = (ring: Ring): SigningKeys => deriveSigningKeys(ring, DEPLOYMENT, this.now);
    return new RingKeeper({ store: { read }, derive, now: () => this.now * 1_000, random: () => jitter });
  }

  get kids(): (string | undefined)[] {
    const ring = parseRing(this.ring.currentText);
    return ring.ok ? publicKeysOf(deriveSigningKeys(ring.value, DEPLOYMENT, this.now)).keys.map(({ kid }) => kid) : [];
  }

  /** Each endpoint signs, and each upstream verifies with what it fetched up to five minutes ago, whatever it meets. */
  async check(): Promise<void> {
    const texts = await Promise.all(this.#endpoints.map((endpoint) => endpoint.sign(call, this.now)));
    // Those that sign with the same key sign the same.
    for (const text of new Set(texts)) {
      const { kid = '' } = decodeProtectedHeader(text);
      if (!this.signers.includes(kid)) this.signers.push(kid);
      for (const one of this.#upstreams) {
        const isUnknown = this.refetches && !one.kids.includes(kid);
        if (isUnknown || this.now - one.fetchedAt >= limits.publicKeysCacheSeconds) await this.#fetchKeys(one);
        await jwtVerify(text, one.keyOf, { currentDate: new Date(this.now * 1_000) });
      }
    }
  }

  async #fetchKeys(upstream: CachingUpstream): Promise<void> {
    const fetched = publicKeysOf(await upstream.publisher.keys());
    upstream.kids = fetched.keys.map(({ kid }) => kid);
    upstream.keyOf = createLocalJWKSet(fetched as JSONWebKeySet);
    upstream.fetchedAt = this.now;
  }

  /** Checks every few seconds, at odd intervals. */
  async pass(seconds: number, step = 29): Promise<void> {
    for (const end = this.now + seconds; this.now < end; this.now = Math.min(end, this.now + step)) await this.check();
    await this.check();
  }

  run(step: RotationStep, versionId: string, ring: RingVersionStore = this.ring): Promise<unknown> {
    return rotationSteps[step](signingRotation(ring), stepContext({ versionId, nowSeconds: this.now }));
  }

  async rotate(versionId: string): Promise<void> {
    for (const step of STEPS) await this.run(step, versionId);
  }
}

test('a new key signs when every cache has had it for twelve minutes, from the next read on', async () => {
  const world = new World();
  await world.pass(400);
  await world.rotate('v1');
  await world.pass(limits.signingKeySettledSeconds - 1, 59);
  expect([world.kids.length, world.signers.length]).toEqual([2, 1]);
  await world.pass(limits.ringCacheSeconds * (1 + limits.cacheJitterRatio), 13);
  expect(world.signers).toEqual(world.kids);
});

/** How far the caches are through their lives when a rotation begins. */
const phases = Array.from({ length: 11 }, (_, index) => 331 + 29 * index);

test.each([0, 40, 300, 3_600])(
  'a rotation that waits %d s between its steps makes no assertion unverifiable, whenever each cache was filled',
  async (seconds) => {
    for (const phase of phases) {
      const world = new World();
      await world.pass(phase, 53);
      for (const step of STEPS) {
        world.now += Math.max(0, seconds - 700);
        await world.pass(Math.min(seconds, 700), 53);
        await world.run(step, 'v1');
        await world.run(step, 'v1');
        await world.check();
      }
      await world.pass(1_200, 53);
      expect(world.signers).toEqual(world.kids);
      expect(world.ring.labels.has('AWSPENDING')).toBe(false);
    }
  },
);

/** The versions in the hands of a run that dies at its nth operation, before or after it took effect. */
function dyingAt(ring: MemoryRingVersions, n: number, when: 'before' | 'after'): RingVersionStore {
  let operations = 0;
  return new Proxy(ring, {
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
}

test.each(['before', 'after'] as const)(
  'killed at any operation, %s its effect, and run again later: no key is lost and no assertion is unverifiable',
  async (when) => {
    let kills = 0;
    for (let n = 1; ; n += 1) {
      const world = new World();
      await world.check();
      const [first] = world.kids;
      const dying = dyingAt(world.ring, n, when);
      let died = false;
      for (const step of STEPS)
        died ||= await world.run(step, 'v1', dying).then(
          () => false,
          () => true,
        );
      if (!died) break;
      kills += 1;
      await world.pass(900, 97);
      world.now += 2_000;
      await world.rotate(world.ring.labels.get('AWSPENDING') ?? 'v2');
      expect(world.kids[0]).toBe(first);
      await world.pass(1_200, 97);
      expect(world.signers.at(-1)).toBe(world.kids.at(-1));
    }
    expect(kills).toBeGreaterThan(8);
  },
);

test('two rotations in a row: the keys take over one after the other', async () => {
  const world = new World();
  await world.pass(100);
  await world.rotate('v1');
  await world.pass(60);
  await world.rotate('v2');
  await world.pass(1_500, 7);
  expect(world.kids).toHaveLength(3);
  // Whether the second one signs depends on when a function reads the ring.
  expect(world.kids.filter((kid) => world.signers.includes(String(kid)))).toEqual(world.signers);
  expect(world.signers.at(-1)).toBe(world.kids.at(-1));
});

test('a superseded key is published for an hour at least, and retired by the next rotation', async () => {
  const world = new World();
  const [first] = world.kids;
  await world.rotate('v1');
  world.now += limits.signingKeyKeptSeconds - 1;
  await world.rotate('v2');
  expect(world.kids).toContain(first);
  world.now += 1;
  await world.rotate('v3');
  expect(world.kids).not.toContain(first);
  await world.pass(1_500, 31);
});

test('after a leak the old keys are dropped once nothing is signed with them; earlier it refuses and says when', async () => {
  const world = new World();
  await world.pass(100);
  const drop = () => dropOldRingKeys(signingRotation(world.ring), stepContext({ nowSeconds: world.now }));
  await world.rotate('v1');
  const { settledSeconds } = signingRotation(world.ring);
  await world.pass(settledSeconds - 1, 59);
  await expect(drop()).rejects.toThrow('drop them in 1 s');
  await world.pass(1);
  await drop();
  await drop();
  expect(world.kids).toEqual([world.signers.at(-1)]);
  expect([...world.ring.labels.keys()]).toEqual(['AWSCURRENT']);
  await world.pass(1_500, 31);
});

test('keys that were read outlive an outage, also one in which a new key becomes due: nothing is signed that no publisher knows', async () => {
  const world = new World();
  world.refetches = true;
  await world.pass(100);
  await world.rotate('v1');
  await world.pass(400);
  world.isDown = true;
  await world.pass(3_600, 61);
  world.isDown = false;
  await world.pass(700);
  expect(world.signers).toEqual(world.kids);
});

test('refuses to sign while no key was ever read', async () => {
  const ring = new RingKeeper<SigningKeys>({
    store: { read: () => Promise.reject(new DependencyError('down')) },
    derive: (read) => deriveSigningKeys(read, DEPLOYMENT, START),
    now: () => START * 1_000,
    random: () => 0.5,
  });
  await expect(new Assertions(ring, 'widget-gate:dev:x').sign(call, START)).rejects.toThrow(DependencyError);
});
