import { explainRequest } from '#lambda/admin-api/explain.ts';
import type { AuditEntry, AuditPage, AuditQuery, AuditStore } from '#lambda/audit/entry.ts';

const NOW = 1_800_000_000_000;
const DAY = 86_400_000;
const entry: AuditEntry = {
  id: 'e1',
  at: NOW,
  subject: 'refused/shop_one',
  action: 'refuse-calls',
  code: 'origin_not_allowed',
  count: 2,
  requestIds: ['r-0', 'r-1'],
  origins: ['https://a.example', 'https://b.example'],
};

/** A trail whose pages come one after the other, and take so long each. */
function trailOf(pages: readonly (readonly AuditEntry[])[], millisecondsPerPage = 0) {
  const asked: AuditQuery[] = [];
  let now = NOW;
  const query = async (question: AuditQuery): Promise<AuditPage> => {
    asked.push(question);
    now += millisecondsPerPage;
    const at = Number(question.cursor ?? 0);
    return { entries: pages[at] ?? [], ...(at + 1 < pages.length && { cursor: String(at + 1) }) };
  };
  const trail = { query } as unknown as AuditStore;
  return { asked, search: (requestId: string) => explainRequest(requestId, trail, NOW, () => now) };
}

test('a request is found on the last of very many pages', async () => {
  const { search, asked } = trailOf([...Array.from({ length: 200 }, () => []), [entry]]);
  expect(await search('r-1')).toMatchObject({ ok: true, value: { entry } });
  expect([asked.length, asked[0]?.from, asked[0]?.to]).toEqual([201, NOW - 7 * DAY, NOW]);
});

test('one that is nowhere is not found once the whole week was searched', async () => {
  const { search, asked } = trailOf(Array.from({ length: 50 }, () => []));
  expect(await search('r-1')).toEqual({ ok: false, reason: 'request_not_found' });
  expect(asked.length).toBe(50);
});

test('a search that stops before the end of the week says so, and does not say that there is none', async () => {
  const { search, asked } = trailOf([...Array.from({ length: 200 }, () => []), [entry]], 1_000);
  expect(await search('r-1')).toEqual({ ok: false, reason: 'search_stopped' });
  expect(asked.length).toBe(7);
});

test('the refused origin is that of the request, in words too', async () => {
  const { search } = trailOf([[entry]]);
  for (const [requestId, origin] of [
    ['r-0', 'https://a.example'],
    ['r-1', 'https://b.example'],
  ] as const)
    expect(await search(requestId)).toMatchObject({
      value: {
        origin,
        why: expect.stringMatching(new RegExp(`^The origin ${origin} was refused\\. The calling page`)),
      },
    });
});
