import { CliFailure } from '../failure.ts';

/** One check. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** The finding, or what to do. */
  readonly detail: string;
  /** A code for programs. */
  readonly reason?: string;
  /** Of the failed call. */
  readonly requestId?: string;
}

/** A check that passes with its finding, or fails with the reason. */
export async function check(name: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, detail: await look() };
  } catch (error) {
    if (error instanceof CliFailure) return { name, ok: false, detail: error.message };
    throw error;
  }
}
