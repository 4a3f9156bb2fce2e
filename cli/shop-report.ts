import type { AdminAction, AnswerOf, PathOf, RegistrationNotes, RequestOf, ShopView } from '#contract/admin-api.ts';
import { type Command, type Report, shopIdOf } from './command.ts';
import type { OptionName, Options } from './options.ts';
import { exportLine, shellNames } from './output.ts';
import { moment, notesText, table } from './table.ts';

/** A shop, with the text of its key if it was created now. */
export type ReportedShop = ShopView & RegistrationNotes & { readonly apiKey?: string };

/**
 * Reports a shop, and its new key if one was created: only as an `export` line if a program reads stdout, so that a
 * shell can evaluate it.
 */
export function reportShop(shop: ReportedShop): Report {
  const json = { ok: true, ...shop };
  const text = table([...rowsOf(shop), ...keyRows(shop)]) + notesText(shop);
  if (shop.apiKey === undefined) return { json, text };
  const line = exportLine([
    [shellNames.shopId, shop.shopId],
    [shellNames.shopApiKey, shop.apiKey],
  ]);
  return { json, text: `${text}\n\n${WARNING}\n\n  ${line}`, bare: line };
}

/** The unusual settings of a shop, in a few words. */
export const stateOf = ({ disabled, issuingPaused, requireOrigin }: ShopView): string =>
  [disabled ? 'disabled' : 'enabled', issuingPaused && 'issuing paused', requireOrigin && 'origin required']
    .filter((word) => word !== false)
    .join(', ');

function rowsOf(shop: ReportedShop): string[][] {
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

function keyRows({ keys, apiKey }: ReportedShop): string[][] {
  const rows = keys.flatMap(({ keyId, createdAt, credentialUntil, verifyUntil }) => [
    [`key ${keyId}`, `created ${moment(createdAt)}`],
    ...(credentialUntil === undefined ? [] : [['', `credential until ${moment(credentialUntil)}`]]),
    ...(verifyUntil === undefined ? [] : [['', `verifies until ${moment(verifyUntil)}`]]),
  ]);
  return apiKey === undefined ? rows : [...rows, ['API key', apiKey]];
}

const WARNING = "The API key is not shown again: put it on the shop's server now. To use it in this terminal:";

/** Changes one shop and shows its new state. */
type ShopAction = {
  [A in AdminAction]: PathOf<A> extends { readonly shopId: string }
    ? AnswerOf<A> extends ShopView
      ? A
      : never
    : never;
}[AdminAction];

export interface ShopChange<A extends ShopAction> {
  readonly words: string;
  readonly action: A;
  /** Beside the shop id. */
  readonly operands?: readonly string[];
  readonly options?: readonly OptionName[];
  readonly usage?: string;
  readonly summary: string;
  /** The request; `operands` are those after the shop id. Throws `CliFailure`. */
  members?(operands: readonly string[], options: Options): RequestOf<A>;
}

/** A command that changes one shop and shows its new state. */
export const shopChange = <A extends ShopAction>({
  action,
  operands = [],
  options = [],
  members,
  ...rest
}: ShopChange<A>): Command => ({
  ...rest,
  operands: ['<shopId>', ...operands],
  options: [...options, 'expected-version'],
  async run({ operands: [shopId, ...others], options: given, gate }) {
    const expectedVersion = given.number('expected-version', 1, Number.MAX_SAFE_INTEGER);
    const request = { shopId: shopIdOf(shopId), ...members?.(others, given) };
    return reportShop(await gate.ask<ShopAction>(action, request as never, expectedVersion));
  },
});
