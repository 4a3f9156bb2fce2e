import { compileOriginPolicy, isAllowedOrigin, type OriginPolicy } from '../shops/origin-policy.ts';
import type { ServiceKey } from './service-key.ts';

/** By record, so that a key in memory is prepared once. */
const policies = new WeakMap<ServiceKey, OriginPolicy>();

/** Whether exactly one Origin was sent, and it is an allowed origin of the key. */
export function allowsPage(key: ServiceKey, origins: readonly string[]): boolean {
  const [origin] = origins;
  if (origin === undefined || origins.length !== 1) return false;
  let policy = policies.get(key);
  if (policy === undefined) {
    policy = compileOriginPolicy(key.allowedOrigins);
    policies.set(key, policy);
  }
  return isAllowedOrigin(origin, policy);
}

const LOOPBACK = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\]|[a-z0-9-]+\.localhost)(?::[1-9]\d{0,4})?$/;

/**
 * Whether a dev key may be used from this origin: any page on the developer's own machine, or an allowed origin of the
 * key.
 */
export const allowsDevPage = (key: ServiceKey, origins: readonly string[]): boolean =>
  (origins.length === 1 && LOOPBACK.test(origins[0] as string)) || allowsPage(key, origins);
