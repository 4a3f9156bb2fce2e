import type { ModelKey, ModelShop } from './model.ts';

/** The administrative changes that the runs make. */
export type Change = { readonly shopId: string } & (
  | { readonly action: 'rotate-key'; readonly overlapSeconds: number; readonly force: boolean }
  | { readonly action: 'reset-keys' | 'retire-key' | 'undo-rotation' | 'revoke-tokens' | 'undo-revoke-tokens' }
  | {
      readonly action: 'set-switches';
      readonly switches: Partial<Pick<ModelShop, 'disabled' | 'issuingPaused' | 'requireOrigin'>>;
    }
  | { readonly action: 'add-origins' | 'remove-origins'; readonly origins: readonly string[] }
);

/** A token's life and the clock skew that it may have been stamped ahead by. */
const TOKENS_OUTLIVE_KEY_SECONDS = 86_400 + 300;

const stopped = (key: ModelKey, now: number): ModelKey => ({
  ...key,
  credentialUntil: Math.min(key.credentialUntil ?? now, now),
  verifyUntil: Math.min(key.verifyUntil ?? now, now),
});
const ending = (key: ModelKey, until: number): ModelKey => ({
  ...key,
  credentialUntil: until,
  verifyUntil: until + TOKENS_OUTLIVE_KEY_SECONDS,
});
const isCurrent = ({ credentialUntil }: ModelKey): boolean => credentialUntil === undefined;

/** The shop after a change at `now`, by the contract; undefined where the change is to be refused. `made` is the key that it made. */
export function after(shop: ModelShop, change: Change, now: number, made: ModelKey | undefined): ModelShop | undefined {
  const added = made === undefined ? [] : [{ ...made, createdAt: now }];
  const { tokensNotBeforeUndo: undo, ...rest } = shop;
  const old = shop.keys.find(({ credentialUntil }) => credentialUntil !== undefined && now < credentialUntil);
  switch (change.action) {
    case 'rotate-key': {
      const inProgress = shop.keys.some((key) => !isCurrent(key) && now < (key.verifyUntil ?? Infinity));
      if (inProgress && !change.force) return undefined;
      const ends = now + change.overlapSeconds;
      return {
        ...shop,
        keys: [...shop.keys.map((key) => (isCurrent(key) ? ending(key, ends) : stopped(key, now))), ...added],
      };
    }
    case 'reset-keys':
      return { ...shop, keys: [...shop.keys.map((key) => stopped(key, now)), ...added] };
    case 'retire-key':
      return old && { ...shop, keys: shop.keys.map((key) => (key === old ? ending(key, now) : key)) };
    case 'undo-rotation':
      return (
        old && {
          ...shop,
          keys: shop.keys.map((key) => (key === old ? current(old) : isCurrent(key) ? ending(key, now) : key)),
        }
      );
    case 'revoke-tokens':
      return { ...shop, tokensNotBefore: now, tokensNotBeforeUndo: shop.tokensNotBefore };
    case 'undo-revoke-tokens':
      return undo === undefined ? undefined : { ...rest, tokensNotBefore: undo };
    case 'set-switches':
      return { ...shop, ...change.switches };
    case 'add-origins':
      return { ...shop, origins: [...new Set([...shop.origins, ...change.origins])] };
    case 'remove-origins':
      if (change.origins.some((origin) => !shop.origins.includes(origin))) return undefined;
      return { ...shop, origins: shop.origins.filter((origin) => !change.origins.includes(origin)) };
  }
}

const current = ({ keyId, apiKey, createdAt }: ModelKey): ModelKey => ({ keyId, apiKey, createdAt });
