import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type EnvironmentName, environment } from './contract/environment.ts';
import type { KeyEnvironment } from './core/api-key.ts';
import type { OwnAccount } from './core/caller-identity.ts';
import type { ServiceKey } from './core/service-key.ts';
import type { SessionStore, Stored } from './ports.ts';
import { type AdminLogin, CHALLENGE_PURPOSE } from './services/admin-login.ts';
import { AdminMembers } from './services/admin-members.ts';
import type { Administration } from './services/administer.ts';
import type { ShopKeyLookup } from './services/authenticate-shop-key.ts';
import type { AnalyticsAuthorization } from './services/authorize-analytics-call.ts';
import type { ShopCreation } from './services/create-shop.ts';
import { KeyUse } from './services/key-use.ts';
import { PagePolicy } from './services/page-policy.ts';
import type { RecordCache } from './services/record-cache.ts';
import { RefusalTally } from './services/refusal-tally.ts';
import { RememberingTrail } from './services/remembering-trail.ts';
import { Revocations } from './services/revocations.ts';
import { RingKeeper } from './services/ring-keeper.ts';
import type { RingRotation } from './services/rotate-ring.ts';
import { SECURITY_PURPOSE, type SecuritySealing } from './services/security-sealing.ts';
import { createServiceKeyCache, type ServiceKeyLookup } from './services/service-key-lookup.ts';
import { createShopKeyLookup } from './services/shop-key-lookup.ts';
import { SHOP_KEY_PURPOSE } from './services/shop-key-sealing.ts';
import { createVerifiableShops, type VerifiableShopRead } from './services/verifiable-shops.ts';
import { createSecretsClient, createTableClient } from './stores/clients.ts';
import { DynamoAuditStore } from './stores/dynamo-audit-store.ts';
import { DynamoKeyStore } from './stores/dynamo-key-store.ts';
import { DynamoKeyUseStore } from './stores/dynamo-key-use-store.ts';
import { DynamoRevocationStore } from './stores/dynamo-revocation-store.ts';
import { DynamoRingReferences } from './stores/dynamo-ring-references.ts';
import { DynamoServiceKeyStore } from './stores/dynamo-service-key-store.ts';
import { DynamoSessionStore } from './stores/dynamo-session-store.ts';
import { DynamoShopStore } from './stores/dynamo-shop-store.ts';
import { DynamoTempTokenStore } from './stores/dynamo-temp-token-store.ts';
import { IamAdminGroup } from './stores/iam-admin-group.ts';
import { SecretsRingStore } from './stores/secrets-ring-store.ts';
import { SecretsRingVersions } from './stores/secrets-ring-versions.ts';
import { StsIdentityService } from './stores/sts-identity-service.ts';
import { openConnection } from './stores/warm-up.ts';

/** Makes each function's dependencies from its environment, once per container, at INIT. */

const now = Date.now;
const random = Math.random;

export const nowSeconds = (): number => Math.floor(now() / 1_000);

/** A variable that the construct sets. Throws by name when it is missing, which fails INIT and so never serves a call. */
function required(name: EnvironmentName): string {
  const value = process.env[environment[name]];
  if (value === undefined || value === '') throw new Error(`the environment variable ${environment[name]} is missing`);
  return value;
}

function keyEnvironment(): KeyEnvironment {
  const value = required('keyEnvironment');
  if (value !== 'live' && value !== 'test') throw new Error(`${environment.keyEnvironment} must be live or test`);
  return value;
}

/** Origins that every shop of the stage allows. */
export function stageOrigins(): string[] {
  const parsed: unknown = JSON.parse(required('allowedOrigins'));
  if (Array.isArray(parsed) && parsed.every((origin) => typeof origin === 'string')) return parsed;
  throw new Error(`${environment.allowedOrigins} must be a JSON array of origins`);
}

export function tableClient(): DynamoDBClient {
  const client = createTableClient();
  void openConnection(client);
  return client;
}

function ringFor(purpose: string): RingKeeper {
  const store = new SecretsRingStore(createSecretsClient(), required('ringSecret'));
  const ring = new RingKeeper({ store, purpose, deployment: required('deployment'), now, random });
  // Begun now, so that the first call finds it or waits less; should it fail, the call that needs the ring reads again.
  ring.keys().catch(() => undefined);
  return ring;
}

export function verifiableShops(client: DynamoDBClient = tableClient()): RecordCache<VerifiableShopRead> {
  return createVerifiableShops({
    store: new DynamoShopStore(client, required('shopTable')),
    ring: ringFor(SHOP_KEY_PURPOSE),
    deployment: required('deployment'),
    stageOrigins: stageOrigins(),
    now,
    random,
  });
}

export function shopKeyLookup(client: DynamoDBClient = tableClient()): ShopKeyLookup {
  return createShopKeyLookup({
    keyStore: new DynamoKeyStore(client, required('keyTable')),
    shopStore: new DynamoShopStore(client, required('shopTable')),
    keyEnvironment: keyEnvironment(),
    now,
    random,
  });
}

export function inspection(client: DynamoDBClient = tableClient()): {
  readonly lookup: ShopKeyLookup;
  readonly shops: RecordCache<VerifiableShopRead>;
} {
  return { lookup: shopKeyLookup(client), shops: verifiableShops(client) };
}

export function shopCreation(client: DynamoDBClient = tableClient()): ShopCreation {
  return {
    shopStore: new DynamoShopStore(client, required('shopTable')),
    keyStore: new DynamoKeyStore(client, required('keyTable')),
    ring: ringFor(SHOP_KEY_PURPOSE),
    deployment: required('deployment'),
    keyEnvironment: keyEnvironment(),
  };
}

export function ringRotation(): RingRotation {
  const client = tableClient();
  return {
    ring: new SecretsRingVersions(createSecretsClient(), required('ringSecret')),
    shops: new DynamoShopStore(client, required('shopTable')),
    references: new DynamoRingReferences(client, required('shopTable')),
    deployment: required('deployment'),
  };
}

/** `arn:<partition>:iam::<account>:group/<name>` */
function adminGroup(): OwnAccount & { readonly groupName: string } {
  const match = /^arn:([a-z-]+):iam::(\d{12}):group\/([\w+=,.@-]+)$/.exec(required('adminGroup'));
  if (match === null) throw new Error(`${environment.adminGroup} must be the ARN of an IAM group`);
  const [, partition, accountId, groupName] = match as unknown as [string, string, string, string];
  return { partition, accountId, groupName };
}

const auditTrail = (client: DynamoDBClient): DynamoAuditStore =>
  new DynamoAuditStore(client, required('auditTable'), Number(required('auditRetentionDays')));

export const refusalTally = (client: DynamoDBClient, onFailure: (error: unknown) => void): RefusalTally =>
  new RefusalTally(auditTrail(client), onFailure);

export function widgetAuthorization(onTallyFailure: (error: unknown) => void): {
  readonly shops: RecordCache<VerifiableShopRead>;
  readonly tally: RefusalTally;
} {
  const client = tableClient();
  return { shops: verifiableShops(client), tally: refusalTally(client, onTallyFailure) };
}

const adminMembers = (): AdminMembers => new AdminMembers({ group: new IamAdminGroup(adminGroup().groupName), now });

export function adminLogin(): AdminLogin {
  const region = process.env.AWS_REGION;
  if (region === undefined) throw new Error('the environment variable AWS_REGION is missing');
  const host = required('identityHost');
  const group = adminGroup();
  const client = tableClient();
  return {
    ring: ringFor(CHALLENGE_PURPOSE),
    identity: new StsIdentityService(host),
    members: adminMembers(),
    sessions: new DynamoSessionStore(client, required('sessionTable')),
    trail: auditTrail(client),
    endpoint: { region, host, deployment: required('deployment') },
    own: group,
    groupName: group.groupName,
  };
}

export function adminSessions(): { readonly sessions: SessionStore; readonly members: AdminMembers } {
  return {
    sessions: new DynamoSessionStore(tableClient(), required('sessionTable')),
    members: adminMembers(),
  };
}

export function administration(): Administration {
  const client = tableClient();
  const creation = shopCreation(client);
  return {
    ...creation,
    sessions: new DynamoSessionStore(client, required('sessionTable')),
    serviceKeys: new DynamoServiceKeyStore(client, required('keyTable')),
    keyUse: new DynamoKeyUseStore(client, required('sessionTable')),
    revocations: new DynamoRevocationStore(client, required('sessionTable')),
    devKeys: required('devKeys') === 'true',
    trail: new RememberingTrail(auditTrail(client)),
    stageOrigins: stageOrigins(),
  };
}

type OnFailure = (error: unknown) => void;

const serviceKeyCache = (client: DynamoDBClient): RecordCache<Stored<ServiceKey>> =>
  createServiceKeyCache({ store: new DynamoServiceKeyStore(client, required('keyTable')), now, random });

const serviceKeyLookup = (client: DynamoDBClient, onUseFailure: OnFailure): ServiceKeyLookup => ({
  keys: serviceKeyCache(client),
  keyEnvironment: keyEnvironment(),
  use: new KeyUse(new DynamoKeyUseStore(client, required('sessionTable')), onUseFailure),
});

const securitySealing = (): SecuritySealing => ({
  ring: ringFor(SECURITY_PURPOSE),
  deployment: required('deployment'),
});

export function securityIssuing(onUseFailure: OnFailure, onTallyFailure: OnFailure) {
  const client = tableClient();
  return {
    lookup: serviceKeyLookup(client, onUseFailure),
    sealing: securitySealing(),
    tally: refusalTally(client, onTallyFailure),
  };
}

export function tempTokenIssuing(onUseFailure: OnFailure, onTallyFailure: OnFailure) {
  const client = tableClient();
  return {
    lookup: serviceKeyLookup(client, onUseFailure),
    tempTokens: new DynamoTempTokenStore(client, required('sessionTable')),
    tally: refusalTally(client, onTallyFailure),
  };
}

export function sessionExchange(onTallyFailure: OnFailure) {
  const client = tableClient();
  const store = new DynamoRevocationStore(client, required('sessionTable'));
  return {
    sealing: securitySealing(),
    revocations: new Revocations({ store, keys: serviceKeyCache(client), now, random }),
    tempTokens: new DynamoTempTokenStore(client, required('sessionTable')),
    tally: refusalTally(client, onTallyFailure),
  };
}

export function analyticsAuthorization(
  onUseFailure: OnFailure,
  onTallyFailure: OnFailure,
): AnalyticsAuthorization & { readonly tally: RefusalTally } {
  const client = tableClient();
  const lookup = serviceKeyLookup(client, onUseFailure);
  const store = new DynamoRevocationStore(client, required('sessionTable'));
  return {
    lookup,
    sealing: securitySealing(),
    revocations: new Revocations({ store, keys: lookup.keys, now, random }),
    devKeys: required('devKeys') === 'true',
    tally: refusalTally(client, onTallyFailure),
  };
}

export function dataRouterAuthorization(onUseFailure: OnFailure, onTallyFailure: OnFailure) {
  const client = tableClient();
  return { lookup: serviceKeyLookup(client, onUseFailure), tally: refusalTally(client, onTallyFailure) };
}

export function pagePolicy(): PagePolicy {
  const store = new DynamoServiceKeyStore(tableClient(), required('keyTable'));
  return new PagePolicy({ listKeys: async () => (await store.list()).keys, now, random });
}
