import type { RegistrationNotes } from '#contract/admin-api.ts';
import { type Result, refusal, success } from '../crypto/result.ts';
import { appOriginWarning, type OriginRefusal, type OriginRules, readOrigin } from './origin.ts';

/** An address that is stored in another form than it was sent. */
export interface Normalized {
  readonly given: string;
  readonly stored: string;
}

/** Origins in their stored form, each once, and as they were sent. */
export interface Registration {
  readonly origins: readonly string[];
  readonly read: readonly Normalized[];
}

/** Parses the origins in a member of a request; a refusal names the invalid one. */
export function registerOrigins(
  member: string,
  given: readonly string[],
  rules: OriginRules,
): Result<Registration, OriginRefusal> {
  const read: Normalized[] = [];
  for (const [at, text] of given.entries()) {
    const origin = readOrigin(text, rules);
    if (!origin.ok) return refusal(origin.reason, checkMember(`${member}[${at}]`));
    read.push({ given: text, stored: origin.value });
  }
  return success({ origins: [...new Set(read.map(({ stored }) => stored))], read });
}

/** Refers the caller to a member of the request body. */
export const checkMember = (member: string): string => `Check body member "${member}".`;

export function notesOn(read: readonly Normalized[], app: boolean): RegistrationNotes {
  const normalized = read.filter(({ given, stored }) => given !== stored);
  const warnings = app ? [...new Set(read.flatMap(({ stored }) => appOriginWarning(stored) ?? []))] : [];
  return { ...(normalized.length > 0 && { normalized }), ...(warnings.length > 0 && { warnings }) };
}
