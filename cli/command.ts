import { limits } from '#contract/limits.ts';
import type { AdminGate, LocalGate } from './admin-gate.ts';
import { wrongUsage } from './failure.ts';
import type { OptionName, Options } from './options.ts';
import type { Output } from './output.ts';

/** What a command found or did: for programs, and for people. */
export interface Report {
  readonly json: object;
  readonly text: string;
  /** The one value that a program wants, printed instead of the text where stdout is not a terminal. Default: the text. */
  readonly bare?: string;
  /** Default 0. */
  readonly exitCode?: number;
}

/** What a command is run with. */
export interface CommandCall {
  /** As many as the command names. */
  readonly operands: readonly [string, ...string[]];
  readonly options: Options;
  readonly gate: AdminGate;
  readonly local: LocalGate;
  /** For a command that prints while it runs. */
  readonly output: Output;
}

export interface Command {
  /** A noun and a verb, or one word. */
  readonly words: string;
  /** As the help shows them; a last one with an ellipsis stands for one or more. */
  readonly operands: readonly string[];
  readonly options: readonly OptionName[];
  /** What follows the operands in the help. */
  readonly usage?: string;
  readonly summary: string;
  /** Whether it is about the machinery of a gate on this machine. */
  readonly isLocal?: true;
  /** Undefined: all is printed already. Throws `CliFailure`. */
  run(call: CommandCall): Promise<Report | undefined>;
}

/** Checks what stands where a shop id should. Throws `CliFailure`. */
export function shopIdOf(text: string): string {
  if (text.length <= limits.maxShopIdChars && /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(text)) return text;
  throw wrongUsage('The shop id is letters, digits, _ and -; see "widget-gate shops list".');
}

/** An option that a command takes once though it may take others more often. Throws `CliFailure`. */
export function onlyOrigin(options: Options): { readonly origin?: string } {
  const [origin, ...more] = options.texts('origin');
  if (more.length > 0) throw wrongUsage('This command takes one --origin.');
  return origin === undefined ? {} : { origin };
}
