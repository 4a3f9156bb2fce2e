import { CliFailure } from '../failure.ts';

/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** What was found, or what to do. */
  readonly detail: string;
  /** A code for programs. */
  readonly reason?: string;
  /** Of the call that failed. */
  readonly requestId?: string;
}

/** A check that passes with what it found, or fails with why not. */
export async function check(name: string, look: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, detail: await look() };
  } catch (error) {
    if (error instanceof CliFailure) return { name, ok: false, detail: error.message };
    throw error;
  }
}
