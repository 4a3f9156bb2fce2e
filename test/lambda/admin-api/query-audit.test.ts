import { queryAudit } from '#lambda/admin-api/query-audit.ts';
import { DependencyError } from '#lambda/platform/stored.ts';
import type { ServiceKeyStore } from '#lambda/service-keys/service-key.ts';
import type { ShopStore } from '#lambda/shops/shop.ts';
import { MemoryAuditTrail, MemoryOutboxes, recoveryOf } from '#test/support/admin-stores.ts';

const NOW = Date.parse('2026-11-27T12:00:00Z');

function sources({ indexFails = false } = {}) {
  const trail = new MemoryAuditTrail();
  const outboxes = new MemoryOutboxes();
  outboxes.failing = indexFails;
  const looks: string[] = [];
  const shopStore: Pick<ShopStore, 'read'> = {
    async read(shopId) {
      looks.push(shopId);
      return { kind: 'absent' };
    },
  };
  const serviceKeys: Pick<ServiceKeyStore, 'list'> = {
    async list() {
      looks.push('service keys');
      return { keys: [], corruptIds: [] };
    },
  };
  return { trail, outboxes, looks, recovery: recoveryOf(trail, outboxes), shopStore, serviceKeys };
}

test('the first page of the trail is whole, and does not say otherwise', async () => {
  const from = sources();
  expect(await queryAudit({ limit: 50, subject: 'shop_one' }, from, NOW, jest.fn())).toEqual({
    ok: true,
    value: { entries: [] },
  });
  expect(from.looks).toEqual(['shop_one']);
});

test('the first page says that it may be incomplete when entries that wait can not be copied', async () => {
  const onDelay = jest.fn();
  const answer = await queryAudit({ limit: 50 }, sources({ indexFails: true }), NOW, onDelay);
  expect(answer).toEqual({ ok: true, value: { entries: [], incomplete: true } });
  expect(onDelay).toHaveBeenCalledTimes(1);
});

test('a later page looks for no waiting entries, which would belong to the first, and is never called incomplete', async () => {
  const [from, onDelay] = [sources({ indexFails: true }), jest.fn()];
  const answer = await queryAudit({ limit: 50, subject: 'shop_one', cursor: 'c' }, from, NOW, onDelay);
  expect(answer).toEqual({ ok: true, value: { entries: [] } });
  expect([from.looks, onDelay.mock.calls]).toEqual([[], []]);
});

test('a trail that can not be read fails the query, for an empty page would be a lie', async () => {
  const from = sources();
  from.trail.query = () => Promise.reject(new DependencyError('down'));
  await expect(queryAudit({ limit: 50 }, from, NOW, jest.fn())).rejects.toThrow(DependencyError);
});
