import type { AnswerOf } from '#contract/admin-api.ts';
import { limits } from '#contract/limits.ts';
import { describeServiceKey, type KeyUseStore, type ServiceKeyStore } from './service-key.ts';

export interface ServiceKeySources {
  readonly serviceKeys: Pick<ServiceKeyStore, 'list'>;
  readonly keyUse: Pick<KeyUseStore, 'lastUses'>;
}

/**
 * All service keys without their digests, each with its last use if there was one; then unreadable keys, by key id. Uses are recorded by
 * the hour: `lastUsedAt` is the start of that hour, or of the key's own lifetime, and `lastUsedGrainSeconds` is how much later the use may
 * have been.
 */
export async function listServiceKeys({
  serviceKeys,
  keyUse,
}: ServiceKeySources): Promise<AnswerOf<'list-service-keys'>['serviceKeys']> {
  const { keys, corruptIds } = await serviceKeys.list();
  const lastUses = await keyUse.lastUses(keys.map(({ keyId }) => keyId));
  const described = keys.map((key) => {
    const lastUsedAt = lastUses.get(key.keyId);
    const lastUse = lastUsedAt !== undefined && {
      lastUsedAt: Math.max(lastUsedAt, key.createdAt),
      lastUsedGrainSeconds: limits.keyUseGrainSeconds,
    };
    return { ...describeServiceKey(key), ...lastUse };
  });
  return [...described, ...corruptIds.map((keyId) => ({ keyId, corrupt: true as const }))];
}
