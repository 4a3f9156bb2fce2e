import { ask, type Command, expectedVersionOf, shopIdOf } from './command.ts';
import type { OptionName, Options } from './options.ts';
import { reportShop } from './shop-report.ts';

export interface ShopChange {
  readonly words: Command['words'];
  /** Beside the shop id. */
  readonly operands?: readonly string[];
  readonly options?: readonly OptionName[];
  readonly usage?: string;
  readonly summary: string;
  /** The request but for its target; `operands` are those after the shop id. Throws `CliFailure`. */
  request(operands: readonly string[], options: Options): object;
}

/** A command that changes one shop, and shows it as it is afterwards. */
export const shopChange = ({ operands = [], options = [], request, ...rest }: ShopChange): Command => ({
  ...rest,
  operands: ['<shopId>', ...operands],
  options: [...options, 'expected-version'],
  async run({ operands: [shopId, ...others], options: given, gate }) {
    const target = { shopId: shopIdOf(shopId), ...expectedVersionOf(given) };
    return reportShop(await ask(gate, { ...request(others, given), ...target }));
  },
});
