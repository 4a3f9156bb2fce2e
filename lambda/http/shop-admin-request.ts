import * as v from 'valibot';
import { limits } from '../contract/limits.ts';
import { readShopCursor } from '../core/shop-cursor.ts';

const shopId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/));
const target = { shopId, expectedVersion: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1))) };
const origin = v.pipe(v.string(), v.maxLength(limits.maxOriginChars));
const origins = v.pipe(v.array(origin), v.minLength(1), v.maxLength(limits.maxOriginsPerShop));
/** A cursor that we gave out, read as the shop id that it stands for. */
const cursor = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const after = readShopCursor(dataset.value);
    if (after !== undefined) return after;
    addIssue({ message: 'not a cursor' });
    return NEVER;
  }),
);
const switches = v.pipe(
  v.strictObject({
    disabled: v.exactOptional(v.boolean()),
    issuingPaused: v.exactOptional(v.boolean()),
    requireOrigin: v.exactOptional(v.boolean()),
  }),
  v.check((value) => Object.keys(value).length > 0),
);

/** What the shop-admin function accepts; an unknown member is refused. */
const shopAdminRequest = v.variant('action', [
  v.strictObject({
    action: v.literal('create-shop'),
    url: origin,
    exact: v.optional(v.boolean(), false),
    origins: v.optional(v.array(origin), []),
    requireOrigin: v.optional(v.boolean(), false),
  }),
  v.strictObject({
    action: v.picklist([
      'show-shop',
      'reset-keys',
      'retire-key',
      'undo-rotation',
      'revoke-tokens',
      'undo-revoke-tokens',
    ]),
    ...target,
  }),
  v.strictObject({
    action: v.literal('rotate-key'),
    ...target,
    overlapSeconds: v.optional(v.picklist(limits.rotationOverlapsSeconds), limits.defaultRotationOverlapSeconds),
    force: v.optional(v.boolean(), false),
  }),
  v.strictObject({ action: v.literal('set-switches'), ...target, switches }),
  v.strictObject({ action: v.picklist(['add-origins', 'remove-origins']), ...target, origins }),
  v.pipe(
    v.strictObject({
      action: v.literal('list-shops'),
      limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(limits.maxShopsPerPage)), 50),
      cursor: v.exactOptional(cursor),
    }),
    v.transform(({ cursor: after, ...rest }) => ({ ...rest, ...(after !== undefined && { after }) })),
  ),
  v.strictObject({ action: v.literal('test-origin'), shopId, origin }),
]);

export type ParsedShopAdminRequest = v.InferOutput<typeof shopAdminRequest>;

/** The request, or the name of the member that is wrong. */
export function parseShopAdminRequest(
  event: unknown,
):
  | { readonly ok: true; readonly value: ParsedShopAdminRequest }
  | { readonly ok: false; readonly reason: 'invalid_request'; readonly member: string } {
  const parsed = v.safeParse(shopAdminRequest, event);
  if (parsed.success) return { ok: true, value: parsed.output };
  return { ok: false, reason: 'invalid_request', member: v.getDotPath(parsed.issues[0]) ?? 'the request itself' };
}
