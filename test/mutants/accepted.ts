import type { Mutant } from './operators.ts';

/** A mutant that no test notices, and why that is right. Neither the number of its line nor other lines of its file are part of its name. */
export interface Accepted {
  readonly file: string;
  readonly function: string;
  /** The text of the line that the mutation begins in. */
  readonly line: string;
  readonly mutation: string;
  /** `equivalent`: nobody can see the difference; such mutants don't count. `unworthy`: a test would cost more than the mutant could. */
  readonly kind: 'equivalent' | 'unworthy';
  readonly why: string;
}

export const isAcceptedAs = (mutant: Mutant, entry: Accepted): boolean =>
  mutant.file === entry.file &&
  mutant.functionName === entry.function &&
  mutant.lineText === entry.line &&
  mutant.mutation === entry.mutation;

/** Entries without a mutant of theirs: their line was changed, so their reason has to be looked at again. */
export const staleEntries = (accepted: readonly Accepted[], mutants: readonly Mutant[]): Accepted[] =>
  accepted.filter((entry) => !mutants.some((mutant) => isAcceptedAs(mutant, entry)));
