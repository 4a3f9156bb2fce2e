import type { ServiceKeyView } from './admin-api.ts';

/** When a key was last used, as precisely as the gate records it: to the hour. Unix seconds. */
export type LastUse =
  | { readonly kind: 'never' }
  | { readonly kind: 'recent' }
  | { readonly kind: 'between'; readonly from: number; readonly to: number };

/** `recent`: within the last hour, or within the gate's interval if that is another one. */
export function lastUseOf(
  { lastUsedAt, lastUsedGrainSeconds = 0 }: Pick<ServiceKeyView, 'lastUsedAt' | 'lastUsedGrainSeconds'>,
  nowSeconds: number,
): LastUse {
  if (lastUsedAt === undefined) return { kind: 'never' };
  const to = lastUsedAt + lastUsedGrainSeconds;
  return nowSeconds < to ? { kind: 'recent' } : { kind: 'between', from: lastUsedAt, to };
}
