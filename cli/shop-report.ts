import type { RegistrationNotes, ShopView as Shown } from '../clients/views.ts';
import type { Report } from './command.ts';
import { notesText } from './registration-notes.ts';
import { exportLine, shellNames } from './shell-exports.ts';
import { moment, table } from './table.ts';

/** A shop, with the text of its key where that was made now. */
export type ShopView = Shown & RegistrationNotes & { readonly apiKey?: string };

/** Reports a shop, and its new key where one was made: as an `export` line alone where a program reads, so that a shell can evaluate it. */
export function reportShop(answer: object): Report {
  const shop = answer as ShopView;
  const json = { ok: true, ...answer };
  const text = table([...rowsOf(shop), ...keyRows(shop)]) + notesText(shop);
  if (shop.apiKey === undefined) return { json, text };
  const line = exportLine([
    [shellNames.shopId, shop.shopId],
    [shellNames.shopApiKey, shop.apiKey],
  ]);
  return { json, text: `${text}\n\n${WARNING}\n\n  ${line}`, bare: line };
}

/** What is unusual about a shop, in few words. */
export const stateOf = ({ disabled, issuingPaused, requireOrigin }: ShopView): string =>
  [disabled ? 'disabled' : 'enabled', issuingPaused && 'issuing paused', requireOrigin && 'origin required']
    .filter((word) => word !== false)
    .join(', ');

function rowsOf(shop: ShopView): string[][] {
  return [
    ['shop', shop.shopId],
    ...(shop.name === undefined ? [] : [['name', shop.name]]),
    ['url', shop.url],
    ['version', String(shop.version)],
    ['state', stateOf(shop)],
    ...(shop.disabledAt === undefined ? [] : [['disabled', moment(shop.disabledAt)]]),
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

const WARNING = 'The API key is not shown again: put it on the shop’s server now. To use it in this terminal:';
