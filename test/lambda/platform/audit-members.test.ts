import { marshall } from '@aws-sdk/util-dynamodb';
import { EMPTY_OUTBOX, pendingMark } from '#lambda/audit/outbox.ts';
import { readShopItem, writeShopItem } from '#lambda/shops/shop.store.ts';
import { testShop } from '#test/support/shops.ts';

const { shop } = testShop('shop_one');
const ENTRY = '[{"id":"e1"}]';

test.each([
  ['entries that wait', { lastAudit: '{"id":"e1"}', auditOutbox: ENTRY }],
  ['an outbox that has been copied', { lastAudit: '{"id":"e1"}', auditOutbox: EMPTY_OUTBOX }],
])('a shop is read with %s as it was written, so that its next change keeps them', (_name, audited) => {
  const written = { ...shop, ...audited };
  expect(readShopItem(writeShopItem(written), shop.shopId)).toEqual({ kind: 'found', value: written });
});

test.each([
  ['entries that wait', ENTRY, { auditPending: 'pending' }],
  ['an empty outbox', EMPTY_OUTBOX, {}],
  ['no outbox', undefined, {}],
])('a record with %s is in the index of waiting ones only while something waits', (_name, auditOutbox, mark) => {
  expect(pendingMark({ auditOutbox })).toEqual(mark);
  const item = writeShopItem({ ...shop, ...(auditOutbox !== undefined && { auditOutbox }) });
  expect(item.auditPending).toEqual(marshall(mark).auditPending);
});
