import { limits } from '#contract/limits.ts';
import type { AdminGate, LocalGate } from './admin-gate.ts';
import { wrongUsage } from './failure.ts';
import type { OptionName, Options } from './options.ts';
import type { Output } from './output.ts';

/** The result of a command: for programs, and for people. */
export interface Report {
  readonly json: object;
  readonly text: string;
  /** The one value that a program needs, printed instead of the text if stdout is not a terminal. Default: the text. */
  readonly bare?: string;
  /** Default 0. */
  readonly exitCode?: number;
}

/** The arguments and environment of a command. */
export interface CommandCall {
  /** As many as the command declares. */
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
  /** As shown in the help; an ellipsis at the last one means one or more. */
  readonly operands: readonly string[];
  readonly options: readonly OptionName[];
  /** The part of the help after the operands. */
  readonly usage?: string;
  readonly summary: string;
  /** Whether it concerns a gate on this machine. */
  readonly isLocal?: true;
  /** Undefined: the command has already printed everything. Throws `CliFailure`. */
  run(call: CommandCall): Promise<Report | undefined>;
}

/** Checks a shop id argument. Throws `CliFailure`. */
export function shopIdOf(text: string): string {
  if (text.length <= limits.maxShopIdChars && /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(text)) return text;
  throw wrongUsage('A shop id consists of letters, digits, _ and -; see "widget-gate shops list".');
}

/** An option that a command accepts only once, although other commands accept it several times. Throws `CliFailure`. */
export function onlyOrigin(options: Options): { readonly origin?: string } {
  const [origin, ...more] = options.texts('origin');
  if (more.length > 0) throw wrongUsage('This command accepts only one --origin.');
  return origin === undefined ? {} : { origin };
}
