/** Origins prepared for look-up. */
export interface OriginPolicy {
  readonly exact: ReadonlySet<string>;
  /** `.example.com` or `.example.com:8443`, from `https://*.example.com`. */
  readonly httpsSuffixes: readonly string[];
  /** `http://localhost:`, from the stage's `http://localhost:*`. */
  readonly anyPortPrefixes: readonly string[];
}

const LABELS = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/;
const PORT = /^[1-9][0-9]{0,4}$/;
const WILDCARD = 'https://*';
const ANY_PORT = ':*';

export function compileOriginPolicy(origins: readonly string[]): OriginPolicy {
  return {
    exact: new Set(origins),
    httpsSuffixes: origins
      .filter((origin) => origin.startsWith(`${WILDCARD}.`))
      .map((origin) => origin.slice(WILDCARD.length)),
    anyPortPrefixes: origins.filter((origin) => origin.endsWith(ANY_PORT)).map((origin) => origin.slice(0, -1)),
  };
}

/**
 * Whether a raw Origin header is in the list: byte-exact membership or a pattern's bytes, without URL parsing, which has caused many CORS
 * bypasses. `null` and joined headers are in no list.
 */
export function isAllowedOrigin(origin: string, policy: OriginPolicy): boolean {
  if (policy.exact.has(origin)) return !origin.includes('*');
  for (const suffix of policy.httpsSuffixes) if (matchesSuffix(origin, suffix)) return true;
  for (const prefix of policy.anyPortPrefixes) {
    if (origin.startsWith(prefix) && PORT.test(origin.slice(prefix.length))) return true;
  }
  return false;
}

function matchesSuffix(origin: string, suffix: string): boolean {
  return (
    origin.startsWith('https://') &&
    origin.endsWith(suffix) &&
    LABELS.test(origin.slice('https://'.length, -suffix.length))
  );
}
