import { compileOriginPolicy, isAllowedOrigin } from '../core/origin-policy.ts';
import { refusal } from '../core/result.ts';
import { DependencyError, type ShopStore } from '../ports.ts';

export interface OriginQuestion {
  readonly shopId: string;
  /** As a browser would send it. */
  readonly origin: string;
}

/** Told as the administrator reads it. */
export type OriginVerdict =
  | { readonly ok: true; readonly allowed: boolean }
  | { readonly ok: false; readonly reason: 'shop_not_found' };

/**
 * Whether a shop's widget may be called from an origin: by the shop's list or the stage's, as the authorizer decides.
 * Throws `DependencyError` when the store fails or the record is corrupt.
 */
export async function testOrigin(
  { shopId, origin }: OriginQuestion,
  store: ShopStore,
  stageOrigins: readonly string[],
): Promise<OriginVerdict> {
  const stored = await store.read(shopId);
  if (stored.kind === 'corrupt') throw new DependencyError('a stored record is corrupt');
  if (stored.kind === 'absent') return refusal('shop_not_found');
  const policy = compileOriginPolicy([...stored.value.origins, ...stageOrigins]);
  return { ok: true, allowed: isAllowedOrigin(origin, policy) };
}
