import { type ApiKey, type KeyEnvironment, type KeyKind, serverKeyIn } from '../core/api-key.ts';

/** The keys that a call carries, every header value as it was sent. */
export interface PresentedKeys {
  /** In the header in which the route reads its key. */
  readonly apiKeys: readonly string[];
  /** In the other headers that hold keys or tokens. */
  readonly elsewhere: readonly string[];
  /** Whether the headers say so: see `isFromBrowser`. */
  readonly fromBrowser: boolean;
}

/**
 * The key of a server that a browser sent to a route that another key opens, or in a header where the route reads none: it opens nothing here,
 * but it has leaked all the same. Known by shape and checksum alone, so a stranger can make one up; the route's own keys have to prove valid.
 */
export function misplacedKey(
  { apiKeys, elsewhere, fromBrowser }: PresentedKeys,
  own: { readonly kind: KeyKind; readonly environment: KeyEnvironment },
): ApiKey | undefined {
  if (!fromBrowser) return undefined;
  const isOwn = (key: ApiKey): boolean => key.kind === own.kind && key.environment === own.environment;
  const foreign = apiKeys.filter((value) => {
    const key = serverKeyIn([value]);
    return key !== undefined && !isOwn(key);
  });
  return serverKeyIn([...foreign, ...elsewhere]);
}
