import type { MethodSetting } from '../model.ts';

interface Bucket {
  readonly ratePerSecond: number;
  readonly burst: number;
  tokens: number;
  refilledAt: number;
}

/** A token bucket for each method of the stage, by the stage's settings; `*` settings hold for the methods that none names. */
export class Throttle {
  readonly #settings: readonly MethodSetting[];
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket | undefined>();

  constructor(settings: readonly MethodSetting[], now: () => number) {
    this.#settings = settings;
    this.#now = now;
  }

  /** Takes one token; false when the bucket is empty. */
  admit(resourcePath: string, httpMethod: string): boolean {
    const bucket = this.#bucketOf(resourcePath, httpMethod);
    if (bucket === undefined) return true;
    const now = this.#now();
    bucket.tokens = Math.min(bucket.burst, bucket.tokens + ((now - bucket.refilledAt) / 1_000) * bucket.ratePerSecond);
    bucket.refilledAt = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  #bucketOf(resourcePath: string, httpMethod: string): Bucket | undefined {
    const key = `${httpMethod} ${resourcePath}`;
    if (!this.#buckets.has(key)) this.#buckets.set(key, this.#createBucket(resourcePath, httpMethod));
    return this.#buckets.get(key);
  }

  #createBucket(resourcePath: string, httpMethod: string): Bucket | undefined {
    const own = this.#settings.find(
      (setting) => setting.resourcePath === resourcePath && setting.httpMethod === httpMethod,
    );
    const setting =
      own ?? this.#settings.find((candidate) => candidate.resourcePath === '*' && candidate.httpMethod === '*');
    if (setting?.ratePerSecond === undefined || setting.burst === undefined) return undefined;
    const { ratePerSecond, burst } = setting;
    return { ratePerSecond, burst, tokens: burst, refilledAt: this.#now() };
  }
}
