import { type EnvironmentName, environment } from '#contract/environment.ts';
import type { KeyEnvironment } from '../crypto/api-key.ts';

export const now = Date.now;

export const random = Math.random;

export const nowSeconds = (): number => Math.floor(now() / 1_000);

/**
 * Resolves once the clock shows this time. A clock that is set back meanwhile delays the caller by two seconds at most.
 */
export const waitUntil = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.min(milliseconds - now(), 2_000)));

/**
 * A variable that the construct sets. Throws with its name when it is missing, so INIT fails and the function never
 * serves a call.
 */
export function required(name: EnvironmentName): string {
  const value = process.env[environment[name]];
  if (value === undefined || value === '') throw new Error(`the environment variable ${environment[name]} is missing`);
  return value;
}

export function keyEnvironment(): KeyEnvironment {
  const value = required('keyEnvironment');
  if (value !== 'live' && value !== 'test') throw new Error(`${environment.keyEnvironment} must be live or test`);
  return value;
}

/** Origins that every shop of the stage allows. */
export function stageOrigins(): string[] {
  const parsed: unknown = JSON.parse(required('allowedOrigins'));
  if (Array.isArray(parsed) && parsed.every((origin) => typeof origin === 'string')) return parsed;
  throw new Error(`${environment.allowedOrigins} must be a JSON array of origins`);
}

/** Called with an error that does not fail the call. */
export type OnFailure = (error: unknown) => void;
