import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { limits } from '../contract/limits.ts';
import type { Shop } from '../core/shop.ts';
import type { Stored } from '../ports.ts';
import { pendingMark } from './pending-mark.ts';
import { SCHEMA_VERSION, schemaVersion } from './schema-version.ts';

const time = v.pipe(v.number(), v.integer(), v.minValue(0));

const shopKey = v.object({
  keyId: v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{8}$/)),
  sealed: v.pipe(v.string(), v.minLength(1)),
  createdAt: time,
  credentialUntil: v.exactOptional(time),
  verifyUntil: v.exactOptional(time),
});

/** The stored form: the shop itself and the version of this schema. Members that a newer release added are passed over. */
const shopItem = v.object({
  schemaVersion,
  shopId: v.string(),
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  name: v.exactOptional(v.string()),
  url: v.string(),
  origins: v.pipe(v.array(v.string()), v.maxLength(limits.maxOriginsPerShop)),
  requireOrigin: v.boolean(),
  disabled: v.boolean(),
  disabledAt: v.exactOptional(time),
  deletedAt: v.exactOptional(time),
  issuingPaused: v.boolean(),
  tokensNotBefore: time,
  tokensNotBeforeUndo: v.exactOptional(time),
  keys: v.array(shopKey),
  createdAt: time,
  requestSha256: v.exactOptional(v.string()),
  lastAudit: v.exactOptional(v.string()),
  auditOutbox: v.exactOptional(v.string()),
});

export const writeShopItem = (shop: Shop): Record<string, AttributeValue> =>
  marshall({ schemaVersion: SCHEMA_VERSION, ...shop, ...pendingMark(shop) }, { removeUndefinedValues: true });

/** Reads a stored shop; what doesn't have the shape, or belongs to another id, is corrupt and never half believed. */
export function readShopItem(item: Record<string, AttributeValue> | undefined, shopId: string): Stored<Shop> {
  if (item === undefined) return { kind: 'absent' };
  const parsed = v.safeParse(shopItem, unmarshall(item));
  if (!parsed.success || parsed.output.shopId !== shopId) return { kind: 'corrupt' };
  const { schemaVersion: _, ...shop } = parsed.output;
  return { kind: 'found', value: shop };
}
