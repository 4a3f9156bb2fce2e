import type { ShopView as Shown } from '../clients/views.ts';
import type { Report } from './command.ts';
import { moment, table } from './table.ts';

/** A shop, with the text of its key where that was made now. */
export type ShopView = Shown & { readonly apiKey?: string };

/** Reports a shop, and its new key where one was made. */
export function reportShop(answer: object): Report {
  const shop = answer as ShopView;
  return { json: { ok: true, ...answer }, text: table([...rowsOf(shop), ...keyRows(shop)]) + warning(shop) };
}

/** What is unusual about a shop, in few words. */
export const stateOf = ({ disabled, issuingPaused, requireOrigin }: ShopView): string =>
  [disabled ? 'disabled' : 'enabled', issuingPaused && 'issuing paused', requireOrigin && 'origin required']
    .filter((word) => word !== false)
    .join(', ');

function rowsOf(shop: ShopView): string[][] {
  return [
    ['shop', shop.shopId],
    ['url', shop.url],
    ['version', String(shop.version)],
    ['state', stateOf(shop)],
    ...shop.origins.map((origin, at) => [at === 0 ? 'origins' : '', origin]),
    ...(shop.tokensNotBefore > 0 ? [['revoked', `tokens stamped up to ${moment(shop.tokensNotBefore)}`]] : []),
    ['created', moment(shop.createdAt)],
  ];
}

function keyRows({ keys, apiKey }: ShopView): string[][] {
  const rows = keys.flatMap(({ keyId, createdAt, credentialUntil, verifyUntil }) => [
    [`key ${keyId}`, `created ${moment(createdAt)}`],
    ...(credentialUntil === undefined ? [] : [['', `credential until ${moment(credentialUntil)}`]]),
    ...(verifyUntil === undefined ? [] : [['', `verifies until ${moment(verifyUntil)}`]]),
  ]);
  return apiKey === undefined ? rows : [...rows, ['API key', apiKey]];
}

const warning = ({ apiKey }: ShopView): string =>
  apiKey === undefined ? '' : '\n\nThe API key is not shown again: put it on the shop’s server now.';
