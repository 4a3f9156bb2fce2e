import { ringKeyOf } from '#lambda/crypto/jwe.ts';
import { DependencyError } from '#lambda/platform/stored.ts';
import type { RingVersion, RingVersionStore } from '#lambda/ring/ring.ts';
import {
  type RingRotation,
  type RotationStep,
  rotationSteps,
  type StepContext,
  type StepReport,
} from '#lambda/ring/rotate-ring.ts';
import { type RingReferenceStore, type SealingRing, sealingRotation } from '#lambda/shops/reseal-shops.ts';
import { DEPLOYMENT, MemoryShopStore, RING_TEXT } from './shops.ts';

/** Versions and labels as Secrets Manager keeps them. */
export class MemoryRingVersions implements RingVersionStore {
  readonly versions = new Map<string, string>([['v0', RING_TEXT]]);
  readonly labels = new Map<string, string>([['AWSCURRENT', 'v0']]);
  #settled = 0;

  get currentText(): string {
    return this.versions.get(this.labels.get('AWSCURRENT') ?? '') as string;
  }

  async readCurrent(): Promise<RingVersion> {
    return { versionId: this.labels.get('AWSCURRENT') as string, text: this.currentText };
  }

  async readPending(versionId: string): Promise<string | undefined> {
    return this.labels.get('AWSPENDING') === versionId ? this.versions.get(versionId) : undefined;
  }

  async addPending(versionId: string, text: string): Promise<void> {
    if (this.versions.has(versionId)) return;
    this.versions.set(versionId, text);
    this.labels.set('AWSPENDING', versionId);
  }

  async makeCurrent(from: string, to: string): Promise<void> {
    if (this.labels.get('AWSCURRENT') !== from) throw new DependencyError('another version is current');
    this.labels.set('AWSPREVIOUS', from);
    this.labels.set('AWSCURRENT', to);
  }

  async endPending(versionId: string): Promise<void> {
    if (this.labels.get('AWSPENDING') === versionId) this.labels.delete('AWSPENDING');
  }

  async forgetOthers(): Promise<void> {
    this.labels.delete('AWSPREVIOUS');
    this.labels.delete('AWSPENDING');
  }

  async addSettled(text: string): Promise<string> {
    this.#settled += 1;
    this.versions.set(`settled-${this.#settled}`, text);
    return `settled-${this.#settled}`;
  }
}

const PAGE = 3;

/** Pages of three over the shops in memory; of a corrupt record nothing is known. */
export class MemoryRingReferences implements RingReferenceStore {
  readonly #shops: MemoryShopStore;

  constructor(shops: MemoryShopStore) {
    this.#shops = shops;
  }

  async page(after: string | undefined): ReturnType<RingReferenceStore['page']> {
    const ids = [...this.#shops.records.keys()].sort().filter((id) => after === undefined || id > after);
    const shops = ids.slice(0, PAGE).map((shopId) => {
      const stored = this.#shops.records.get(shopId);
      const ringKeyIds =
        stored?.kind === 'found' ? stored.value.keys.map(({ sealed }) => ringKeyOf(sealed)) : [undefined];
      return { shopId, ringKeyIds };
    });
    const next = ids.length > PAGE ? shops.at(-1)?.shopId : undefined;
    return { shops, ...(next !== undefined && { next }) };
  }
}

export interface MemoryRotation extends RingRotation, SealingRing {
  readonly ring: MemoryRingVersions;
  readonly shops: MemoryShopStore;
}

export function memoryRotation(): MemoryRotation {
  const shops = new MemoryShopStore();
  const stores = { ring: new MemoryRingVersions(), shops, references: new MemoryRingReferences(shops) };
  return { ...sealingRotation({ ...stores, deployment: DEPLOYMENT }), ...stores, deployment: DEPLOYMENT };
}

const STEPS: readonly RotationStep[] = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

/** The context of a step that has all the time it wants. */
export const stepContext = (changes: Partial<StepContext> = {}): StepContext => ({
  versionId: 'v1',
  nowSeconds: 1_800_000_000,
  hasTime: () => true,
  letReadersRefresh: async () => undefined,
  ...changes,
});

/** All four steps, as Secrets Manager runs them; rejects as the first that fails. */
export async function rotate(
  rotation: RingRotation,
  versionId: string,
  nowSeconds = 1_800_000_000,
): Promise<StepReport[]> {
  const reports: StepReport[] = [];
  for (const step of STEPS) reports.push(await rotationSteps[step](rotation, stepContext({ versionId, nowSeconds })));
  return reports;
}
