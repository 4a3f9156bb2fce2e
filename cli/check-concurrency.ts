import { adviceOn, concurrencyOf, regionOf } from './concurrency.ts';
import { CliFailure } from './failure.ts';
import { readLambdaLimit } from './lambda-limit.ts';

/** Compares what a stage reserves with the account's limit, where a profile may read that. */
export async function checkConcurrency(
  stage: string,
  profile: string | undefined,
): Promise<{ readonly ok: boolean; readonly detail: string }> {
  try {
    const limit = profile === undefined ? undefined : await readLambdaLimit(profile, regionOf(stage));
    return adviceOn(concurrencyOf(stage), limit);
  } catch (error) {
    if (error instanceof CliFailure) return { ok: false, detail: error.message };
    throw error;
  }
}
