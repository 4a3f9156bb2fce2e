import type { AnalyticsAuthorization, AnalyticsCall } from '#lambda/analytics/authorize-analytics-call.ts';
import { issueSecurityToken } from '#lambda/analytics/issue-security-token.ts';
import { issueTempToken } from '#lambda/analytics/issue-temp-token.ts';
import { Revocations } from '#lambda/analytics/revocations.ts';
import { SECURITY_PURPOSE, type SecuritySealing } from '#lambda/analytics/security-sealing.ts';
import type { Revocation, RevocationSubject, TempToken, TempTokenStore } from '#lambda/analytics/security-token.ts';
import { exchangeTempToken } from '#lambda/analytics/sessions.ts';
import { digestApiKey, generateApiKey, type KeyEnvironment } from '#lambda/crypto/api-key.ts';
import { DependencyError, type Stored } from '#lambda/platform/stored.ts';
import { RingKeeper } from '#lambda/ring/ring-keeper.ts';
import { createServiceKeyCache, KeyUse } from '#lambda/service-keys/authenticate-service-key.ts';
import { type ServiceKey, serviceKeyKinds } from '#lambda/service-keys/service-key.ts';
import { DEPLOYMENT, MemoryRingStore, MemoryStore, sealingKeysFor } from './shops.ts';

/** Where the clock of a test begins, Unix seconds. */
export const NOW = 1_800_000_000;
export const PAGE = 'https://app.example.com';
/** The ids of every login in tests. */
export const IDS = { userid: 'u-17', appid: 'sales', clientid: 'acme' };

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** As the session table: what is read may be old by the time it is used, and one write of a hash wins. */
export class MemoryTempTokenStore extends MemoryStore<TempToken> implements TempTokenStore {
  readonly used = new Set<string>();
  failingUses = false;

  async create(hash: string, token: TempToken): Promise<void> {
    if (!(await this.add(hash, token))) throw new DependencyError('a temp token of this hash exists already');
  }

  async useOnce(hash: string): Promise<boolean> {
    await tick();
    if (this.failing || this.failingUses) throw new DependencyError('the store is down');
    if (this.used.has(hash)) return false;
    this.used.add(hash);
    return true;
  }
}

/** Revocations by `kind/id`. */
export class MemoryRevocationStore {
  readonly records = new MemoryStore<Revocation>();

  read = ({ kind, id }: RevocationSubject): Promise<Stored<Revocation>> => this.records.read(`${kind}/${id}`);

  put = async ({ kind, id }: RevocationSubject, revocation: Revocation): Promise<void> => {
    await tick();
    if (this.records.failing) throw new DependencyError('the store is down');
    this.records.put(`${kind}/${id}`, revocation);
  };
}

export interface MadeKey {
  readonly key: ServiceKey;
  readonly text: string;
}

/** A service key as the administration would store it, and its text. */
export function serviceKey(changes: Partial<ServiceKey> = {}, environment: KeyEnvironment = 'test'): MadeKey {
  const { purpose = 'analytics' } = changes;
  const { keyId, text } = generateApiKey(serviceKeyKinds[purpose], environment);
  const key: ServiceKey = {
    keyId,
    purpose,
    label: 'a server',
    allowedOrigins: [PAGE],
    sha256: digestApiKey(text),
    version: 1,
    createdAt: 1_000,
    tokensNotBefore: 0,
    ...changes,
  };
  return { key, text };
}

/** One container of the gate over stores in memory, with a clock that tests move. */
export class TestGate implements AnalyticsAuthorization {
  nowSeconds = NOW;
  devKeys = false;
  readonly keyRecords = new MemoryStore<ServiceKey>();
  readonly revocationStore = new MemoryRevocationStore();
  readonly tempTokens = new MemoryTempTokenStore();
  readonly ringStore = new MemoryRingStore();
  /** Key id and hour of every noted use. */
  readonly uses: [string, number][] = [];
  readonly sealing: SecuritySealing;
  readonly revocations: Revocations;
  readonly lookup: AnalyticsAuthorization['lookup'];
  readonly made: MadeKey;

  constructor(deployment = DEPLOYMENT) {
    const times = { now: () => this.nowSeconds * 1_000, random: () => 0.5 };
    const keys = createServiceKeyCache({ store: this.keyRecords, ...times });
    const note = async (...use: [string, number]): Promise<void> => void this.uses.push(use);
    this.lookup = { keys, keyEnvironment: 'test', use: new KeyUse({ note }, () => undefined) };
    const ring = new RingKeeper({
      store: this.ringStore,
      derive: sealingKeysFor(SECURITY_PURPOSE, deployment),
      ...times,
    });
    this.sealing = { ring, deployment };
    this.revocations = new Revocations({ store: this.revocationStore, keys, ...times });
    this.made = this.add();
  }

  /** Stores a new service key. */
  add(changes: Partial<ServiceKey> = {}): MadeKey {
    const made = serviceKey(changes);
    this.keyRecords.put(made.key.keyId, made.key);
    return made;
  }

  /** Changes the stored key that everything here is issued for. */
  changeKey(changes: Partial<ServiceKey>): void {
    this.keyRecords.put(this.made.key.keyId, { ...this.made.key, ...changes });
  }

  /** All reads of records so far. */
  get reads(): number {
    return this.keyRecords.reads + this.revocationStore.records.reads;
  }

  set failing(failing: boolean) {
    Object.assign(this.keyRecords, { failing });
    Object.assign(this.revocationStore.records, { failing });
  }

  async securityToken(body: object = {}, key = this.made.key): Promise<string> {
    const issued = await issueSecurityToken({ ...IDS, ...body }, key, this.sealing, this.nowSeconds);
    if (!issued.ok) throw new Error(issued.reason);
    return issued.value.token;
  }

  async tempToken(body: object = {}, key = this.made.key): Promise<string> {
    const issued = await issueTempToken({ ...IDS, ...body }, key, this.tempTokens, this.nowSeconds);
    if (!issued.ok) throw new Error(issued.reason);
    return issued.value;
  }

  exchange(text: string, origins: readonly string[] = [PAGE], mode: 'cookie' | 'token' = 'cookie') {
    return exchangeTempToken({ text, mode, origins }, this, this.nowSeconds);
  }

  /** The text of a new session. */
  async session(mode: 'cookie' | 'token' = 'cookie', body: object = {}): Promise<string> {
    const begun = await this.exchange(await this.tempToken(body), [PAGE], mode);
    if (!begun.ok) throw new Error(begun.reason);
    return begun.value.text;
  }
}

/** A call without any credential, but for what a test adds. */
export const callOf = (changes: Partial<AnalyticsCall> = {}): AnalyticsCall => ({
  authorizations: [],
  apiKeys: [],
  elsewhere: [],
  sessionCookies: [],
  origins: [],
  fromBrowser: false,
  hasRequestedWith: false,
  stated: { userId: [], appId: [], clientId: [] },
  ...changes,
});
