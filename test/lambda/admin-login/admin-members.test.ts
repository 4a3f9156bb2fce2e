import { limits } from '#contract/limits.ts';
import { AdminMembers } from '#lambda/admin-login/members.ts';
import { DependencyError } from '#lambda/platform/stored.ts';

const START = 1_800_000_000_000;
let now: number;
let reads: { answer(ids: readonly string[]): void; fail(): void }[];
let members: AdminMembers;
beforeEach(() => {
  now = START;
  reads = [];
  const memberIds = () =>
    new Promise<ReadonlySet<string>>((resolve, reject) => {
      reads.push({
        answer: (ids) => resolve(new Set(ids)),
        fail: () => reject(new DependencyError('IAM is down')),
      });
    });
  members = new AdminMembers({ group: { memberIds }, now: () => now });
});
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('many who ask at once cost one read', async () => {
  const asked = Promise.all([members.isMember('a', 0), members.isMember('b', 0), members.isMember('a', START)]);
  reads[0]?.answer(['a']);
  expect([await asked, reads.length]).toEqual([[true, false, true], 1]);
});

test('a read that began before a login does not decide about it: it is made again', async () => {
  const earlier = members.isMember('a', 0);
  now += 5;
  const login = members.isMember('new', now);
  reads[0]?.answer(['a']);
  expect(await earlier).toBe(true);
  await settled();
  expect(reads.length).toBe(2);
  reads[1]?.answer(['a', 'new']);
  expect(await login).toBe(true);
});

test('what was read counts until its time is up, and not for a login after it', async () => {
  const first = members.isMember('a', 0);
  reads[0]?.answer(['a']);
  await first;
  now = START + limits.adminGroupCacheSeconds * 1_000 - 1;
  expect([await members.isMember('a', 0), await members.isMember('b', START), reads.length]).toEqual([true, false, 1]);
  void members.isMember('a', START + 1);
  expect(reads.length).toBe(2);
  reads[1]?.answer([]);
  await settled();
  now += limits.adminGroupCacheSeconds * 1_000;
  void members.isMember('a', 0);
  expect(reads.length).toBe(3);
  reads[2]?.answer([]);
});

test('while IAM fails, members of an earlier read are let in for the published time, and nobody is kept out', async () => {
  const first = members.isMember('a', 0);
  reads[0]?.answer(['a']);
  await first;
  const askFailing = async (userId: string, notBefore = 0): Promise<boolean | string> => {
    const asked = members.isMember(userId, notBefore);
    reads.at(-1)?.fail();
    return asked.catch((error: Error) => error.constructor.name);
  };
  now = START + limits.adminGroupStaleSeconds * 1_000 - 1;
  expect(await askFailing('a')).toBe(true);
  expect(await askFailing('b')).toBe('DependencyError');
  expect(await askFailing('a', START + 1)).toBe('DependencyError');
  now += 1;
  expect(await askFailing('a')).toBe('DependencyError');
});
