import type { AdminAuthorizerContext } from '../contract/context.ts';
import type { ErrorCode } from '../contract/errors.ts';
import { describeShop } from '../core/audit.ts';
import { type Result, success } from '../core/result.ts';
import { describeServiceKey } from '../core/service-key.ts';
import type {
  AuditQuery,
  AuditStore,
  KeyUseStore,
  LoginLinkStore,
  RevocationStore,
  ServiceKeyStore,
  SessionStore,
} from '../ports.ts';
import { administerShop, type ShopAdminRequest } from './administer-shop.ts';
import type { AuditRecording } from './audit-recording.ts';
import type { AuditRecovery } from './audit-recovery.ts';
import type { ShopCreation } from './create-shop.ts';
import { endSession } from './end-session.ts';
import { explainRequest } from './explain-request.ts';
import { explainToken } from './explain-token.ts';
import { listServiceKeys } from './list-service-keys.ts';
import { listShops } from './list-shops.ts';
import { createLoginLink } from './login-links.ts';
import { completeTrail, queryAudit } from './query-audit.ts';
import { type RevokedSubject, revokeSubject } from './revoke-subject.ts';
import { changeServiceKey, type ServiceKeyRequest } from './service-keys.ts';
import { testOrigin } from './test-origin.ts';

/** All that System Administrators can ask for. */
export type AdminRequest =
  | ShopAdminRequest
  | ServiceKeyRequest
  | ({ readonly action: 'revoke-subject' } & RevokedSubject)
  | { readonly action: 'show-session' | 'end-session' | 'create-login-link' | 'show-status' | 'list-service-keys' }
  | { readonly action: 'list-shops'; readonly limit: number; readonly cursor?: string }
  | { readonly action: 'test-origin'; readonly shopId: string; readonly origin: string }
  | { readonly action: 'explain-token'; readonly shopId: string; readonly token: string; readonly origin?: string }
  | { readonly action: 'explain-request'; readonly requestId: string }
  | ({ readonly action: 'query-audit'; readonly performed?: string } & Partial<Omit<AuditQuery, 'action' | 'limit'>> & {
        readonly limit: number;
      });

export interface Administration extends ShopCreation {
  readonly serviceKeys: ServiceKeyStore;
  readonly keyUse: KeyUseStore;
  readonly revocations: RevocationStore;
  readonly sessions: SessionStore;
  readonly links: Pick<LoginLinkStore, 'create'>;
  readonly trail: AuditStore;
  readonly recovery: AuditRecovery;
  readonly stageOrigins: readonly string[];
  /** Whether the stage takes dev keys. */
  readonly devKeys: boolean;
}

/** Who asks, in which request, when. */
export interface AdminCall {
  readonly admin: AdminAuthorizerContext;
  readonly requestId: string;
  readonly nowMilliseconds: number;
  readonly onAuditDelay: () => void;
}

/** What is answered: a body, and for a shop its version. */
export interface AdminOutcome {
  readonly body: object | undefined;
  readonly version?: number;
  readonly created?: boolean;
}

/** Carries out one request of a proven administrator. Throws `DependencyError` when a store fails. */
export async function administer(
  request: AdminRequest,
  administration: Administration,
  call: AdminCall,
): Promise<Result<AdminOutcome, ErrorCode>> {
  const { shopStore, stageOrigins } = administration;
  const { arn, userId, userName, sessionHash, createdAt } = call.admin;
  const recordingFor = (action: string) => recordingOf(action, administration, call);
  const now = Math.floor(call.nowMilliseconds / 1_000);
  switch (request.action) {
    case 'show-session':
      return success({ body: { arn, userId, userName, createdAt } });
    case 'end-session':
      await endSession(sessionHash, administration, now, recordingFor('log-out'));
      return success({ body: undefined });
    case 'create-login-link': {
      const recording = recordingFor(request.action);
      return success({ body: await createLoginLink(sessionHash, administration.links, recording) });
    }
    case 'show-status':
      return showStatus(administration);
    case 'list-shops': {
      const { limit, cursor: after } = request;
      const { shops, ...rest } = await listShops({ limit, ...(after !== undefined && { after }) }, shopStore);
      return success({
        body: { shops: shops.map((shop) => ('corrupt' in shop ? shop : describeShop(shop))), ...rest },
      });
    }
    case 'list-service-keys':
      return success({ body: { serviceKeys: await listServiceKeys(administration) } });
    case 'add-service-key':
    case 'rotate-service-key':
    case 'revoke-service-key':
    case 'revoke-service-key-tokens': {
      const done = await changeServiceKey(request, administration, now, recordingFor(request.action));
      if (!done.ok) return done;
      const { key, apiKey, notes } = done.value;
      const body = { ...describeServiceKey(key), ...(apiKey !== undefined && { apiKey }), ...notes };
      return success({ body, created: request.action === 'add-service-key' });
    }
    case 'revoke-subject': {
      const { revocations } = administration;
      const revoked = await revokeSubject(request, revocations, now, recordingFor(request.action));
      return revoked.ok ? success({ body: revoked.value }) : revoked;
    }
    case 'test-origin': {
      const tested = await testOrigin(request, shopStore, stageOrigins);
      return tested.ok ? success({ body: { allowed: tested.allowed, origin: tested.origin } }) : tested;
    }
    case 'explain-token': {
      const explained = await explainToken(request, administration, now);
      return explained.ok ? success({ body: explained.value }) : explained;
    }
    case 'explain-request': {
      await completeTrail(undefined, administration, call.onAuditDelay);
      const explained = await explainRequest(request.requestId, administration.trail, call.nowMilliseconds);
      return explained.ok ? success({ body: explained.value }) : explained;
    }
    case 'query-audit': {
      const { action: _action, ...question } = request;
      const page = await queryAudit(question, administration, call.nowMilliseconds, call.onAuditDelay);
      return page.ok ? success({ body: page.value }) : page;
    }
    default:
      return changeShop(request, administration, call);
  }
}

const recordingOf = (action: string, { trail, recovery }: Administration, call: AdminCall): AuditRecording => ({
  trail,
  recovery,
  actor: { arn: call.admin.arn, userId: call.admin.userId },
  action,
  requestId: call.requestId,
  nowMilliseconds: call.nowMilliseconds,
  onDelay: call.onAuditDelay,
});

async function changeShop(
  request: ShopAdminRequest,
  administration: Administration,
  call: AdminCall,
): Promise<Result<AdminOutcome, ErrorCode>> {
  const recording = recordingOf(actionInTrail(request), administration, call);
  const done = await administerShop(request, administration, Math.floor(call.nowMilliseconds / 1_000), recording);
  if (!done.ok) return done;
  const { shop, apiKey, notes } = done.value;
  if (shop === undefined) return success({ body: undefined });
  const body = { ...describeShop(shop), ...(apiKey !== undefined && { apiKey }), ...notes };
  return success({ body, version: shop.version, created: request.action === 'create-shop' && apiKey !== undefined });
}

/** A new name or address is not a switch, though one call may change all three. */
const actionInTrail = (request: ShopAdminRequest): string =>
  request.action === 'set-switches' && ('name' in request.switches || 'url' in request.switches)
    ? 'edit-shop'
    : request.action;

/** Whether what everything rests on answers now. */
async function showStatus({
  shopStore,
  ring,
  deployment,
  keyEnvironment,
}: Administration): Promise<Result<AdminOutcome, never>> {
  const isUp = (check: Promise<unknown>): Promise<boolean> =>
    check.then(
      () => true,
      () => false,
    );
  const [shops, ringKeys] = await Promise.all([isUp(shopStore.list(1)), isUp(ring.newestKeys())]);
  return success({ body: { deployment, keyEnvironment, shopTable: shops, ring: ringKeys } });
}
