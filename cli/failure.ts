/** How the command line ends. */
export const exitCodes = { done: 0, refused: 1, wrongUsage: 2, notReachable: 3 } as const;

/** Why a command failed: a code for programs, and a sentence for people that explains what to do. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly code: string;
  readonly exitCode: number;

  constructor(code: string, exitCode: number, message: string) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
  }
}

/** The gate refused. */
export const refused = (code: string, message: string): CliFailure => new CliFailure(code, exitCodes.refused, message);

export const wrongUsage = (message: string): CliFailure => new CliFailure('wrong_usage', exitCodes.wrongUsage, message);

export const notReachable = (message: string): CliFailure =>
  new CliFailure('not_reachable', exitCodes.notReachable, message);
