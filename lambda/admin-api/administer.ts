import type { AdminAction, AnswerOf, ReadRequest, RegistrationNotes, ShopView } from '#contract/admin-api.ts';
import type { AdminErrorOf } from '#contract/admin-errors.ts';
import type { AdminAuthorizerContext } from '#contract/context.ts';
import { FAST_CLOCKS } from '#contract/explanations.ts';
import { limits } from '#contract/limits.ts';
import { createLoginLink, type LoginLinkStore } from '../admin-login/links.ts';
import { endSession, type SessionStore } from '../admin-login/session.ts';
import { revokeSubject } from '../analytics/revocations.ts';
import type { RevocationStore } from '../analytics/security-token.ts';
import type { AuditStore } from '../audit/entry.ts';
import type { KeptEntries } from '../audit/kept-entries.ts';
import type { AuditRecording } from '../audit/recording.ts';
import type { AuditRecovery } from '../audit/recovery.ts';
import { type Result, refusal, success } from '../crypto/result.ts';
import { found } from '../platform/stored.ts';
import {
  addServiceKey,
  revokeServiceKey,
  revokeServiceKeyTokens,
  rotateServiceKey,
} from '../service-keys/change-service-key.ts';
import { listServiceKeys } from '../service-keys/list-service-keys.ts';
import {
  describeServiceKey,
  type KeyUseStore,
  type ServiceKey,
  type ServiceKeyStore,
} from '../service-keys/service-key.ts';
import { resetShopKeys, rotateShopKey } from '../shops/change-keys.ts';
import { changeShop, deleteShop } from '../shops/change-shop.ts';
import { createShop, type ShopCreation } from '../shops/create-shop.ts';
import { retireOldKey, undoRotation } from '../shops/key-life.ts';
import { listShops } from '../shops/list-shops.ts';
import { notesOn, registerOrigins } from '../shops/registration.ts';
import { describeShop, type Shop } from '../shops/shop.ts';
import { addOrigins, editShop, removeOrigins, revokeTokens, undoRevokeTokens } from '../shops/shop-changes.ts';
import { testOrigin } from '../shops/test-origin.ts';
import { explainRequest, explainToken } from './explain.ts';
import { completeTrail, queryAudit } from './query-audit.ts';
import type { AdminRequest } from './request.ts';

export interface Administration extends ShopCreation {
  readonly serviceKeys: ServiceKeyStore;
  readonly keyUse: KeyUseStore;
  readonly revocations: RevocationStore;
  readonly sessions: SessionStore;
  readonly links: Pick<LoginLinkStore, 'create'>;
  readonly trail: AuditStore;
  readonly kept: KeptEntries;
  readonly recovery: AuditRecovery;
  readonly stageOrigins: readonly string[];
  /** Whether dev keys are enabled in the stage. */
  readonly devKeys: boolean;
}

/** The administrator, the request and the time. */
export interface AdminCall {
  readonly admin: AdminAuthorizerContext;
  readonly requestId: string;
  readonly nowMilliseconds: number;
  readonly onAuditDelay: () => void;
  /** Resolves once the function's clock shows this time, in milliseconds. */
  readonly waitUntil: (milliseconds: number) => Promise<void>;
}

/** The response: a body, and for a shop its version. */
export interface AdminOutcome<Body = object | undefined> {
  readonly body: Body;
  readonly version?: number;
  readonly created?: boolean;
}

/** The stores and settings that an action needs. */
interface Context extends AdminCall {
  readonly stores: Administration;
  /** Unix seconds. */
  readonly now: number;
  /** The administrator and request of the change, with the name of the action. */
  recording(action?: string): AuditRecording;
}

type Outcome<A extends AdminAction> = Promise<Result<AdminOutcome<AnswerOf<A>>, AdminErrorOf<A>>>;

/** Performs one request of a verified administrator. Throws `DependencyError` when a store fails. */
export function administer<A extends AdminAction>(
  { action, request }: Extract<AdminRequest, { readonly action: A }>,
  stores: Administration,
  call: AdminCall,
): Outcome<A> {
  const { trail, recovery } = stores;
  const { admin, requestId, nowMilliseconds, onAuditDelay: onDelay } = call;
  const actor = { arn: admin.arn, userId: admin.userId };
  const recording = (as: string = action): AuditRecording => ({
    ...{ trail, recovery, actor, action: as },
    ...{ requestId, nowMilliseconds, onDelay },
  });
  const act = actions[action] as unknown as (request: unknown, context: Context) => Outcome<A>;
  return act(request, { ...call, stores, now: Math.floor(nowMilliseconds / 1_000), recording });
}

const actions: {
  readonly [A in AdminAction]: (request: ReadRequest<A>, context: Context) => Outcome<A>;
} = {
  'show-session': async (_, { admin: { arn, userId, userName, createdAt } }) =>
    success({ body: { arn, userId, userName, createdAt } }),

  'end-session': async (_, { admin, stores, now, recording }) => {
    await endSession(admin.sessionHash, stores, now, recording('log-out'));
    return success({ body: undefined });
  },

  'create-login-link': async (_, { admin, stores, recording }) =>
    success({ body: await createLoginLink(admin.sessionHash, stores, recording()) }),

  /** Whether the stores that every request depends on respond now. */
  'show-status': async (_, { stores: { shopStore, ring, deployment, keyEnvironment } }) => {
    const [shopTable, ringIsUp] = await Promise.all([isUp(shopStore.list(1)), isUp(ring.newestKeys())]);
    return success({ body: { deployment, keyEnvironment, shopTable, ring: ringIsUp } });
  },

  'list-shops': async ({ limit, cursor: after }, { stores }) => {
    const { shops, ...rest } = await listShops({ limit, ...(after !== undefined && { after }) }, stores.shopStore);
    return success({ body: { shops: shops.map((one) => ('corrupt' in one ? one : describeShop(one))), ...rest } });
  },

  'create-shop': async (request, { stores, now, recording }) => {
    const created = await createShop(request, stores, now, recording());
    if (!created.ok) return created;
    const { shop, apiKey, notes } = created.value;
    return success({
      ...shownShop(shop, { ...(apiKey !== undefined && { apiKey }), ...notes }),
      created: apiKey !== undefined,
    });
  },

  'show-shop': async ({ shopId }, { stores }) => {
    const shop = found(await stores.shopStore.read(shopId));
    return shop === undefined ? refusal('shop_not_found') : success(shownShop(shop));
  },

  'set-switches': async ({ shopId, expectedVersions, ...edit }, context) => {
    const edited = editShop(edit, isProduction(context), context.now);
    if (!edited.ok) return edited;
    const { apply, notes } = edited.value;
    // A new name or address is a separate change from the switches, though one call may request all three.
    const recording = context.recording('name' in edit || 'url' in edit ? 'edit-shop' : undefined);
    return changedShop(
      await changeShop(context.stores.shopStore, shopId, apply, { expectedVersions, recording }),
      notes,
    );
  },

  'delete-shop': async ({ shopId, expectedVersions }, { stores, now, recording }) => {
    const deleted = await deleteShop(stores.shopStore, shopId, now, { expectedVersions, recording: recording() });
    return deleted.ok ? success({ body: undefined }) : deleted;
  },

  'rotate-key': async (request, { stores, now, recording }) => {
    const options = { expectedVersions: request.expectedVersions, recording: recording() };
    return renewedKey(await rotateShopKey(request.shopId, request, stores, now, options));
  },

  'reset-keys': async ({ shopId, expectedVersions }, { stores, now, recording }) =>
    renewedKey(await resetShopKeys(shopId, stores, now, { expectedVersions, recording: recording() })),

  'retire-key': changing((shop, now) => retireOldKey(shop, now)),
  'undo-rotation': changing((shop, now) => undoRotation(shop, now)),
  'revoke-tokens': async (request, context) => {
    const revoke = changing<never>((shop, now) => success(revokeTokens(shop, now)), { warnings: [FAST_CLOCKS] });
    return nextSecond(revoke(request, context), context);
  },
  'undo-revoke-tokens': changing(undoRevokeTokens),

  'add-origins': async ({ shopId, expectedVersions, origins, app }, context) => {
    const registered = registerOrigins('origins', origins, { production: isProduction(context), app });
    if (!registered.ok) return registered;
    const apply = (shop: Shop) => addOrigins(shop, registered.value.origins);
    const options = { expectedVersions, recording: context.recording() };
    const changed = await changeShop(context.stores.shopStore, shopId, apply, options);
    return changedShop(changed, notesOn(registered.value.read, app));
  },

  'remove-origins': async ({ shopId, expectedVersions, origins }, { stores, recording }) => {
    const options = { expectedVersions, recording: recording() };
    return changedShop(await changeShop(stores.shopStore, shopId, (shop) => removeOrigins(shop, origins), options));
  },

  'test-origin': async (request, { stores }) => {
    const tested = await testOrigin(request, stores.shopStore, stores.stageOrigins);
    return tested.ok ? success({ body: { allowed: tested.allowed, origin: tested.origin } }) : tested;
  },

  'explain-token': async (request, { stores, now }) => shown(await explainToken(request, stores, now)),

  'explain-request': async ({ requestId }, { stores, nowMilliseconds, onAuditDelay }) => {
    await completeTrail(undefined, stores, onAuditDelay);
    return shown(await explainRequest(requestId, stores.trail, nowMilliseconds));
  },

  'query-audit': async (request, { stores, nowMilliseconds, onAuditDelay }) =>
    shown(await queryAudit(request, stores, nowMilliseconds, onAuditDelay)),

  'list-service-keys': async (_, { stores }) => success({ body: { serviceKeys: await listServiceKeys(stores) } }),

  'add-service-key': async (request, { stores, now, recording }) => {
    const added = await addServiceKey(request, stores, now, recording());
    if (!added.ok) return added;
    const { key, apiKey, notes } = added.value;
    return success({ body: { ...describeServiceKey(key), apiKey, ...notes }, created: true });
  },

  'rotate-service-key': async (request, { stores, now, recording }) => {
    const rotated = await rotateServiceKey(request, stores, now, recording());
    if (!rotated.ok) return rotated;
    const { key, apiKey } = rotated.value;
    return success({ body: { ...describeServiceKey(key), apiKey } });
  },

  'revoke-service-key': async ({ keyId }, { stores, now, recording }) =>
    shownServiceKey(await revokeServiceKey(keyId, stores, now, recording())),

  'revoke-service-key-tokens': async ({ keyId }, context) => {
    const { stores, now, recording } = context;
    const revoked = nextSecond(revokeServiceKeyTokens(keyId, stores, now, recording()), context);
    return shownServiceKey(await revoked);
  },

  'revoke-subject': async (request, context) => {
    const { stores, now, recording } = context;
    return shown(await nextSecond(revokeSubject(request, stores.revocations, now, recording()), context));
  },
};

/**
 * The response to a revocation of tokens that leaves issuing on. It is returned in the second after the revocation. Stamps are whole
 * seconds, and a function that has not read the revocation yet stamps by its clock alone: so every token that is issued after this response
 * has a stamp that is not revoked.
 */
async function nextSecond<Value, Reason extends string>(
  revocation: Promise<Result<Value, Reason>>,
  { now, waitUntil }: Context,
): Promise<Result<Value, Reason>> {
  const revoked = await revocation;
  if (revoked.ok) await waitUntil((now + 1) * 1_000 + limits.clockAgreementMilliseconds);
  return revoked;
}

const isProduction = ({ stores }: Context): boolean => stores.keyEnvironment === 'live';

const isUp = (check: Promise<unknown>): Promise<boolean> =>
  check.then(
    () => true,
    () => false,
  );

const shown = <Body, Reason extends string>(done: Result<Body, Reason>): Result<AdminOutcome<Body>, Reason> =>
  done.ok ? success({ body: done.value }) : done;

const shownShop = <More extends object>(shop: Shop, more?: More): AdminOutcome<ShopView & More> => ({
  body: { ...describeShop(shop), ...(more as More) },
  version: shop.version,
});

const changedShop = <Reason extends string>(
  changed: Result<Shop, Reason>,
  notes?: RegistrationNotes,
): Result<AdminOutcome<ShopView & RegistrationNotes>, Reason> =>
  changed.ok ? success(shownShop(changed.value, notes)) : changed;

const renewedKey = <Reason extends string>(
  renewed: Result<{ readonly shop: Shop; readonly apiKey: string }, Reason>,
): Result<AdminOutcome<ShopView & { readonly apiKey: string }>, Reason> =>
  renewed.ok ? success(shownShop(renewed.value.shop, { apiKey: renewed.value.apiKey })) : renewed;

/** A change of one shop for which the request has no members. */
function changing<Reason extends string>(
  change: (shop: Shop, now: number) => Result<Shop, Reason>,
  notes?: RegistrationNotes,
) {
  return async (
    { shopId, expectedVersions }: { readonly shopId: string; readonly expectedVersions?: readonly number[] },
    { stores, now, recording }: Context,
  ) => {
    const options = { expectedVersions, recording: recording() };
    return changedShop(await changeShop(stores.shopStore, shopId, (shop) => change(shop, now), options), notes);
  };
}

const shownServiceKey = <Reason extends string>(changed: Result<ServiceKey, Reason>) =>
  shown(changed.ok ? success(describeServiceKey(changed.value)) : changed);
