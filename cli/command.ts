import { limits } from '../lambda/contract/limits.ts';
import { advise } from './advice.ts';
import { refused, wrongUsage } from './failure.ts';
import type { OptionName, Options } from './options.ts';
import type { Answer, LocalTransport, Transport } from './transport.ts';

/** What a command found or did: for programs, and for people. */
export interface Report {
  readonly json: object;
  readonly text: string;
}

/** What a command is run with. */
export interface CommandCall {
  /** As many as the command names. */
  readonly operands: readonly [string, ...string[]];
  readonly options: Options;
  readonly gate: LocalTransport;
}

export interface Command {
  /** Noun and verb. */
  readonly words: `${string} ${string}`;
  /** As the help shows them; a last one with an ellipsis stands for one or more. */
  readonly operands: readonly string[];
  readonly options: readonly OptionName[];
  /** What follows the operands in the help. */
  readonly usage?: string;
  readonly summary: string;
  /** Throws `CliFailure`. */
  run(call: CommandCall): Promise<Report>;
}

type Granted = Extract<Answer, { ok: true }>;

/** What the gate answers to a request that it grants; throws `CliFailure` for one that it refuses. */
export async function ask(gate: Transport, request: object): Promise<Granted> {
  const answer = await gate.administer(request);
  if (answer.ok) return answer;
  throw refused(answer.reason, advise(answer.reason, answer.member));
}

/** Checks what stands where a shop id should. Throws `CliFailure`. */
export function shopIdOf(text: string): string {
  if (text.length <= limits.maxShopIdChars && /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(text)) return text;
  throw wrongUsage('The shop id is letters, digits, _ and -; see "widget-gate shops list".');
}

/** The version that a change must find, as a member of its request. */
export function expectedVersionOf(options: Options): { readonly expectedVersion?: number } {
  const expectedVersion = options.number('expected-version', 1, Number.MAX_SAFE_INTEGER);
  return expectedVersion === undefined ? {} : { expectedVersion };
}
