import type { ShopView } from '../api/views.ts';
import { Badge } from '../parts/badge.tsx';
import { nowSeconds } from '../words/moments.ts';
import { isOverlapping } from './key-state.ts';

/** The unusual settings of a shop, or that there are none. */
export function ShopState({ shop }: { readonly shop: ShopView }) {
  const { disabled, issuingPaused, requireOrigin } = shop;
  return (
    <span class="badges">
      {disabled && <Badge tone="danger">Disabled</Badge>}
      {issuingPaused && <Badge tone="warning">Issuing paused</Badge>}
      {!disabled && !issuingPaused && <Badge tone="good">Active</Badge>}
      {shop.keys.some((key) => isOverlapping(key, nowSeconds())) && <Badge tone="warning">Rotating</Badge>}
      {requireOrigin && <Badge>Origin required</Badge>}
    </span>
  );
}
