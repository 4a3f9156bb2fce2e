import type { ServiceKeyView } from './admin-api.ts';

/** When a key was last used, as exactly as the gate knows: it notes the hour, not the moment. Unix seconds. */
export type LastUse =
  | { readonly kind: 'never' }
  | { readonly kind: 'recent' }
  | { readonly kind: 'between'; readonly from: number; readonly to: number };

/** `recent`: within the last hour, or whatever the gate's grain is. */
export function lastUseOf(
  { lastUsedAt, lastUsedGrainSeconds = 0 }: Pick<ServiceKeyView, 'lastUsedAt' | 'lastUsedGrainSeconds'>,
  nowSeconds: number,
): LastUse {
  if (lastUsedAt === undefined) return { kind: 'never' };
  const to = lastUsedAt + lastUsedGrainSeconds;
  return nowSeconds < to ? { kind: 'recent' } : { kind: 'between', from: lastUsedAt, to };
}
