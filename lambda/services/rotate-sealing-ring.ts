import { limits } from '../contract/limits.ts';
import { deriveSealingKeys } from '../core/ring.ts';
import type { RingReferenceStore, RingVersionStore, ShopStore } from '../ports.ts';
import { resealShops } from './reseal-shops.ts';
import { ringReferences } from './ring-references.ts';
import type { RingRotation } from './rotate-ring.ts';
import { SHOP_KEY_PURPOSE } from './shop-key-sealing.ts';

export interface SealingRing {
  readonly ring: RingVersionStore;
  readonly shops: ShopStore;
  readonly references: RingReferenceStore;
  readonly deployment: string;
}

/** How the ring is rotated that shop keys, security tokens and sessions are sealed with. */
export const sealingRotation = ({ ring, shops, references, deployment }: SealingRing): RingRotation => ({
  ring,
  referenced: () => ringReferences(references),
  keptSeconds: limits.ringKeyKeptSeconds,
  settledSeconds: limits.ringSettledSeconds,
  reseal: async (current, { hasTime, letReadersRefresh }) => {
    const referenced = await ringReferences(references);
    if (referenced === undefined || [...referenced].some((id) => id !== current.sealWith)) await letReadersRefresh();
    const keys = deriveSealingKeys(current, SHOP_KEY_PURPOSE, deployment);
    return resealShops({ shops, references, deployment, keys, hasTime });
  },
});
