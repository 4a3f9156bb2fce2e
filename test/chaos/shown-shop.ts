import type { AdminAnswer } from './gate-access.ts';
import type { ModelKey, ModelShop } from './model.ts';

/** The key in an answer, only this once. */
export function keyMadeBy(answer: AdminAnswer | undefined): ModelKey | undefined {
  const apiKey = answer?.apiKey;
  return typeof apiKey === 'string' ? { keyId: apiKey.split('_')[2] as string, apiKey, createdAt: 0 } : undefined;
}

/** The model of a shop from what the admin function shows, with the texts of the keys that we got. */
export function shopOf(answer: AdminAnswer, told: readonly ModelKey[]): ModelShop {
  const shown = answer as AdminAnswer & ModelShop;
  const { shopId, origins, requireOrigin, disabled, issuingPaused, tokensNotBefore, tokensNotBeforeUndo } = shown;
  const keys = shown.keys.map((key) => ({
    ...key,
    apiKey: told.find(({ keyId }) => keyId === key.keyId)?.apiKey,
  }));
  return {
    ...{ shopId, origins, requireOrigin, disabled, issuingPaused, tokensNotBefore, keys, damage: 'none' },
    ...(tokensNotBeforeUndo !== undefined && { tokensNotBeforeUndo }),
  };
}

/** Whether two models represent the same stored record. */
export const sameRecord = (one: ModelShop, other: ModelShop): boolean => canonical(one) === canonical(other);

const canonical = (shop: ModelShop): string =>
  JSON.stringify([
    [...shop.origins].sort(),
    shop.requireOrigin,
    shop.disabled,
    shop.issuingPaused,
    shop.tokensNotBefore,
    shop.tokensNotBeforeUndo ?? null,
    shop.keys.map(({ keyId, createdAt, credentialUntil, verifyUntil }) => [
      ...[keyId, createdAt, credentialUntil ?? null, verifyUntil ?? null],
    ]),
  ]);
