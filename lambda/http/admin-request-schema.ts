import * as v from 'valibot';
import { limits } from '../contract/limits.ts';
import { readPlainText } from '../core/plain-text.ts';
import { readPointInTime } from '../core/point-in-time.ts';
import { readShopCursor } from '../core/shop-cursor.ts';
import { isSubjectId } from '../core/subject-id.ts';

const shopId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/));
/** From If-Match, which is read before. */
const expectedVersions = v.exactOptional(v.array(v.number()));
const target = { shopId, expectedVersions };
/** Read closely, and refused with a reason, by the core. */
const origin = v.string();
/** A text for people. */
const plainText = (maxChars: number) =>
  v.pipe(
    v.string(),
    v.transform((text) => readPlainText(text, maxChars) ?? ''),
    v.minLength(1),
  );
const name = v.exactOptional(plainText(limits.maxShopNameChars));
const origins = v.pipe(v.array(origin), v.minLength(1), v.maxLength(limits.maxOriginsPerShop));
const switches = v.pipe(
  v.strictObject({
    disabled: v.exactOptional(v.boolean()),
    issuingPaused: v.exactOptional(v.boolean()),
    requireOrigin: v.exactOptional(v.boolean()),
    name,
    url: v.exactOptional(origin),
    moveOrigins: v.exactOptional(v.boolean()),
    exact: v.exactOptional(v.boolean()),
  }),
  v.check((value) => Object.keys(value).some((member) => member !== 'moveOrigins' && member !== 'exact')),
);
/** The shop id behind a cursor of ours. */
const cursor = v.pipe(
  v.string(),
  v.transform((text) => readShopCursor(text) ?? ''),
  v.minLength(1),
);
/** A whole number in a query. */
const count = (max: number) => v.pipe(v.string(), v.regex(/^[1-9]\d{0,3}$/), v.transform(Number), v.maxValue(max));
const time = (ofDay: 'first' | 'last') =>
  v.pipe(
    v.string(),
    v.transform((text) => readPointInTime(text, ofDay)),
    v.number(),
  );
const keyId = v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{8}$/));
const overlapSeconds = v.optional(v.picklist(limits.rotationOverlapsSeconds), limits.defaultRotationOverlapSeconds);
const subjectId = v.pipe(v.string(), v.check(isSubjectId));
const seconds = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(max));
const newKey = {
  action: v.literal('add-service-key'),
  label: v.pipe(plainText(limits.maxKeyLabelChars), v.regex(/^[\p{L}\p{M}\p{N}_ .@/-]+$/u)),
};
/** What a key of pages can be held to; a data router's has no pages and no apps. */
const keyScope = {
  app: v.exactOptional(v.boolean()),
  allowedOrigins: v.exactOptional(v.pipe(v.array(origin), v.maxLength(limits.maxOriginsPerShop))),
  appIds: v.exactOptional(
    v.pipe(
      v.array(subjectId),
      v.minLength(1),
      v.maxLength(limits.maxAppsPerKey),
      v.check((ids) => new Set(ids).size === ids.length),
    ),
  ),
};
const word = v.pipe(v.string(), v.minLength(1), v.maxLength(256));

/** What the admin API accepts, by action; an unknown member is refused. `request-forms` has the form of each member in words. */
export const adminRequest = v.variant('action', [
  v.strictObject({
    action: v.picklist(['show-session', 'end-session', 'create-login-link', 'show-status', 'list-service-keys']),
  }),
  v.strictObject({
    action: v.literal('list-shops'),
    limit: v.optional(count(limits.maxShopsPerPage), '50'),
    cursor: v.exactOptional(cursor),
  }),
  v.strictObject({
    action: v.literal('create-shop'),
    name,
    url: origin,
    exact: v.optional(v.boolean(), false),
    origins: v.optional(v.pipe(v.array(origin), v.maxLength(limits.maxOriginsPerShop)), []),
    app: v.optional(v.boolean(), false),
    requireOrigin: v.optional(v.boolean(), false),
    clientToken: v.exactOptional(v.pipe(v.string(), v.regex(/^[\x21-\x7e]{16,128}$/))),
  }),
  v.strictObject({
    action: v.picklist([
      'show-shop',
      'delete-shop',
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
    overlapSeconds,
    force: v.optional(v.boolean(), false),
  }),
  v.strictObject({ action: v.literal('set-switches'), ...target, switches }),
  v.strictObject({ action: v.literal('add-origins'), ...target, origins, app: v.optional(v.boolean(), false) }),
  v.strictObject({ action: v.literal('remove-origins'), ...target, origins }),
  v.variant('purpose', [
    v.strictObject({ ...newKey, purpose: v.literal('data-router') }),
    v.strictObject({
      ...newKey,
      purpose: v.literal('analytics'),
      ...keyScope,
      maxTtlSeconds: v.exactOptional(seconds(limits.maxSecurityTokenTtlSeconds)),
    }),
    v.strictObject({
      ...newKey,
      purpose: v.literal('dev'),
      ...keyScope,
      maxTtlSeconds: v.exactOptional(seconds(limits.maxDevKeySeconds)),
    }),
  ]),
  v.strictObject({ action: v.literal('rotate-service-key'), keyId, overlapSeconds }),
  v.strictObject({ action: v.picklist(['revoke-service-key', 'revoke-service-key-tokens']), keyId }),
  v.strictObject({
    action: v.literal('revoke-subject'),
    kind: v.picklist(['user', 'client', 'app']),
    id: subjectId,
  }),
  v.strictObject({ action: v.literal('test-origin'), shopId, origin }),
  v.strictObject({ action: v.literal('explain-token'), shopId, token: word, origin: v.exactOptional(origin) }),
  v.strictObject({ action: v.literal('explain-request'), requestId: word }),
  v.strictObject({
    action: v.literal('query-audit'),
    subject: v.exactOptional(word),
    actor: v.exactOptional(word),
    performed: v.exactOptional(word),
    code: v.exactOptional(word),
    requestId: v.exactOptional(word),
    from: v.exactOptional(time('first')),
    to: v.exactOptional(time('last')),
    limit: v.optional(count(limits.maxAuditEntriesPerPage), '50'),
    cursor: v.exactOptional(word),
  }),
]);
