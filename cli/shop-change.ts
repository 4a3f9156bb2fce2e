import type { AdminAction } from '../lambda/contract/admin-routes.ts';
import { type Command, shopIdOf } from './command.ts';
import type { OptionName, Options } from './options.ts';
import { reportShop } from './shop-report.ts';

export interface ShopChange {
  readonly words: string;
  readonly action: AdminAction;
  /** Beside the shop id. */
  readonly operands?: readonly string[];
  readonly options?: readonly OptionName[];
  readonly usage?: string;
  readonly summary: string;
  /** What is sent; `operands` are those after the shop id. Throws `CliFailure`. */
  body?(operands: readonly string[], options: Options): object;
}

/** A command that changes one shop, and shows it as it is afterwards. */
export const shopChange = ({ action, operands = [], options = [], body, ...rest }: ShopChange): Command => ({
  ...rest,
  operands: ['<shopId>', ...operands],
  options: [...options, 'expected-version'],
  async run({ operands: [shopId, ...others], options: given, gate }) {
    const expectedVersion = given.number('expected-version', 1, Number.MAX_SAFE_INTEGER);
    const request = {
      path: { shopId: shopIdOf(shopId) },
      body: body?.(others, given) ?? {},
      ...(expectedVersion !== undefined && { expectedVersion }),
    };
    return reportShop(await gate.ask(action, request));
  },
});
