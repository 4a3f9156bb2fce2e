import type { APIGatewayProxyEvent } from 'aws-lambda';
import { limits } from '#contract/limits.ts';
import { AddressLimit, limitedByAddress } from '#lambda/platform/address-limit.ts';
import { DependencyError } from '#lambda/platform/stored.ts';

const { loginCallsPerAddress, addressWindowSeconds, limitedAddresses } = limits;
const START = 1_800_000_000;
const ADDRESS = '203.0.113.7';

/** Counts as the table does: at once, by digest. */
class MemoryCounter {
  readonly counts = new Map<string, number>();
  readonly ends = new Set<number>();
  writes = 0;
  failing = false;

  async count(digest: string, expiresAt: number): Promise<number> {
    this.writes += 1;
    if (this.failing) throw new DependencyError('the store is down');
    this.ends.add(expiresAt);
    const calls = (this.counts.get(digest) ?? 0) + 1;
    this.counts.set(digest, calls);
    return calls;
  }
}

let counter: MemoryCounter;
let failures: unknown[];
const container = (deployment = 'widget-gate:000000000000:dev', routes: 'admin' | 'login' = 'login'): AddressLimit =>
  new AddressLimit({
    routes,
    calls: loginCallsPerAddress,
    counter,
    deployment,
    onFailure: (error) => failures.push(error),
  });
beforeEach(() => {
  counter = new MemoryCounter();
  failures = [];
});

async function callOften(limit: AddressLimit, calls: number, address = ADDRESS, at = START): Promise<number> {
  const admissions = await Promise.all(Array.from({ length: calls }, () => limit.admit(address, at)));
  return admissions.filter(({ admitted }) => admitted).length;
}

test('an address gets exactly its calls of a window, however many containers count at once', async () => {
  const [one, two] = [container(), container()];
  const admitted = await Promise.all([one, two].map((limit) => callOften(limit, loginCallsPerAddress)));
  expect((admitted[0] ?? 0) + (admitted[1] ?? 0)).toBe(loginCallsPerAddress);
});

test('calls of the login and of the rest of the admin API are counted apart', async () => {
  const [login, admin] = [container(), container('widget-gate:000000000000:dev', 'admin')];
  expect(await callOften(login, loginCallsPerAddress + 1)).toBe(loginCallsPerAddress);
  expect(await callOften(admin, loginCallsPerAddress)).toBe(loginCallsPerAddress);
});

test('a container that knows an address to be over its limit refuses it without a write', async () => {
  const [one, two] = [container(), container()];
  await callOften(one, loginCallsPerAddress + 1);
  expect(counter.writes).toBe(loginCallsPerAddress + 1);
  for (let call = 0; call < 1_000; call += 1) expect((await one.admit(ADDRESS, START)).admitted).toBe(false);
  expect(counter.writes).toBe(loginCallsPerAddress + 1);
  for (let call = 0; call < 1_000; call += 1) expect((await two.admit(ADDRESS, START)).admitted).toBe(false);
  expect(counter.writes).toBe(loginCallsPerAddress + 2);
});

test('a call that is counted across the end of its window takes nothing from the next', async () => {
  const limit = container();
  await callOften(limit, loginCallsPerAddress);
  const counted = counter.count.bind(counter);
  let answer = (): void => undefined;
  counter.count = async (...call) => {
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return counted(...call);
  };
  const late = limit.admit(ADDRESS, START);
  counter.count = counted;
  expect((await limit.admit(ADDRESS, START + addressWindowSeconds)).admitted).toBe(true);
  answer();
  expect((await late).admitted).toBe(false);
  expect((await limit.admit(ADDRESS, START + addressWindowSeconds)).admitted).toBe(true);
});

test('no other address has fewer calls for it', async () => {
  const limit = container();
  await callOften(limit, 10 * loginCallsPerAddress);
  expect(await callOften(limit, loginCallsPerAddress, '203.0.113.8')).toBe(loginCallsPerAddress);
});

test('an address gets its calls again in the next window, and the refusal says when that is', async () => {
  const limit = container();
  const at = START - (START % addressWindowSeconds) + 7;
  await callOften(limit, loginCallsPerAddress, ADDRESS, at);
  expect(await limit.admit(ADDRESS, at)).toEqual({
    admitted: false,
    retryAfterSeconds: addressWindowSeconds - 7,
    isNew: true,
  });
  expect(await limit.admit(ADDRESS, at)).toMatchObject({ isNew: false });
  expect(await limit.admit(ADDRESS, at + addressWindowSeconds - 8)).toMatchObject({ retryAfterSeconds: 1 });
  expect(await callOften(limit, loginCallsPerAddress, ADDRESS, at + addressWindowSeconds - 7)).toBe(
    loginCallsPerAddress,
  );
});

test('a count is kept for minutes, under a digest of its own for each deployment, and never with the address', async () => {
  await container().admit(ADDRESS, START);
  await container('widget-gate:000000000000:prod').admit(ADDRESS, START);
  expect(counter.counts.size).toBe(2);
  for (const digest of counter.counts.keys()) expect(digest).toMatch(/^[0-9a-f]{64}$/);
  for (const end of counter.ends) expect(end - START).toBeLessThanOrEqual(2 * addressWindowSeconds);
});

test('while the store fails every call is admitted and each failure is reported', async () => {
  counter.failing = true;
  expect(await callOften(container(), loginCallsPerAddress + 5)).toBe(loginCallsPerAddress + 5);
  expect(failures).toHaveLength(loginCallsPerAddress + 5);
});

test('what a container remembers is bounded, and an address beyond that is refused all the same', async () => {
  const limit = container();
  counter.count = async () => {
    counter.writes += 1;
    return loginCallsPerAddress + 1;
  };
  for (let at = 0; at < limitedAddresses + 10; at += 1) await limit.admit(`address ${at}`, START);
  counter.writes = 0;
  expect((await limit.admit('address 0', START)).admitted).toBe(false);
  expect(counter.writes).toBe(0);
  expect((await limit.admit(`address ${limitedAddresses + 5}`, START)).admitted).toBe(false);
  expect(counter.writes).toBe(1);
});

test('a call counts in the second in which it comes', async () => {
  const seconds: number[] = [];
  const limit = {
    admit: async (_address: string, nowSeconds: number) => {
      seconds.push(nowSeconds);
      return { admitted: true } as const;
    },
  };
  const event = { requestContext: { requestId: 'r', identity: { sourceIp: ADDRESS } }, multiValueHeaders: {} };
  const before = Math.floor(Date.now() / 1_000);
  const handle = limitedByAddress({ limit, edgeMark: 'mark' }, async () => ({ statusCode: 204, body: '' }));
  await handle(event as unknown as APIGatewayProxyEvent);
  expect(seconds[0]).toBeGreaterThanOrEqual(before);
  expect(seconds[0]).toBeLessThanOrEqual(Math.floor(Date.now() / 1_000));
});
