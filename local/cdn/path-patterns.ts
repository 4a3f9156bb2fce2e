import { matchesWildcard } from '../iam/wildcard.ts';
import type { CacheBehavior } from './model.ts';

/** What makes a path differ from its normal form: an escape, a dot segment or an empty one. */
const UNUSUAL = /%|\/\.|\/\//;
const UNRESERVED = /%(2[DE]|3\d|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE])/gi;

/**
 * Finds behaviors as CloudFront does: the first whose pattern matches the normal form of the path (RFC 3986 §6.2.2),
 * case-sensitive.
 */
export class BehaviorFinder {
  readonly #behaviors: readonly CacheBehavior[];
  /** Beginnings of paths that are the API's for sure. */
  readonly #apiPrefixes: readonly string[];

  constructor(behaviors: readonly CacheBehavior[]) {
    this.#behaviors = behaviors;
    const isPlainCall = ({ origin, pathPattern, viewerRequestCode }: CacheBehavior): boolean =>
      origin.kind === 'api' && viewerRequestCode === undefined && /^[^*?]+\*$/.test(pathPattern);
    const plain = behaviors.findIndex((behavior) => !isPlainCall(behavior));
    this.#apiPrefixes = behaviors.slice(0, plain).map(({ pathPattern }) => pathPattern.slice(0, -1));
  }

  /** Whether a URL is a call of the API that needs no further look. Most calls do, so it is to cost next to nothing. */
  isPlainCall(url: string): boolean {
    for (const prefix of this.#apiPrefixes) if (url.startsWith(prefix)) return !UNUSUAL.test(url);
    return false;
  }

  /** @param path as it was sent, without a query */
  find(path: string): CacheBehavior {
    const normal = normalizedPath(path);
    const found = this.#behaviors.find(({ pathPattern }) => matchesWildcard(pathPattern, normal));
    if (found === undefined) throw new Error("a distribution's last behavior must accept every path");
    return found;
  }
}

/** Escapes of unreserved characters decoded, slashes and dot segments taken together. */
export function normalizedPath(path: string): string {
  if (!UNUSUAL.test(path)) return path;
  const decoded = path.replace(UNRESERVED, (escaped) => decodeURIComponent(escaped));
  const segments: string[] = [];
  const sent = decoded.replace(/\/+/g, '/').split('/').slice(1);
  for (const [at, segment] of sent.entries()) {
    const isLast = at === sent.length - 1;
    if (segment === '..') segments.pop();
    if (segment !== '.' && segment !== '..') segments.push(segment);
    else if (isLast) segments.push('');
  }
  return `/${segments.join('/')}`;
}
