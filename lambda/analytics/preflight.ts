import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { headers } from '#contract/headers.ts';
import { limits } from '#contract/limits.ts';
import { routes } from '#contract/routes.ts';
import { decideByRecords, RecordCache } from '../platform/record-cache.ts';
import { headerValues, type MultiValueHeaders } from '../platform/request.ts';
import type { Clock, Random } from '../platform/stored.ts';
import type { ServiceKey } from '../service-keys/service-key.ts';
import { compileOriginPolicy, isAllowedOrigin, type OriginPolicy } from '../shops/origin-policy.ts';
import { isCredential } from '../shops/shop.ts';

export interface PagePolicyOptions {
  readonly listKeys: () => Promise<readonly ServiceKey[]>;
  readonly now: Clock;
  readonly random: Random;
}

/**
 * The pages that may call with a session cookie: those of any live analytics key. Each call is then checked against its own key's pages.
 */
export class PagePolicy {
  readonly #policy: RecordCache<OriginPolicy>;

  constructor({ listKeys, now, random }: PagePolicyOptions) {
    const load = async (): Promise<OriginPolicy> => {
      const keys = await listKeys();
      const live = keys.filter((key) => key.purpose === 'analytics' && isLive(key, Math.floor(now() / 1_000)));
      return compileOriginPolicy(live.flatMap(({ allowedOrigins }) => allowedOrigins));
    };
    this.#policy = new RecordCache({
      load,
      freshSeconds: () => limits.shopCacheSeconds,
      staleSeconds: () => limits.shopStaleSeconds,
      maxEntries: 1,
      now,
      random,
    });
  }

  /** Throws `DependencyError` when the keys cannot be read and the keys that were read last do not allow the origin. */
  allows(origin: string): Promise<boolean> {
    return decideByRecords(async (reading) => isAllowedOrigin(origin, await this.#policy.get('all', reading)), {
      refuses: (allowed) => !allowed,
    });
  }
}

/** Sessions of a key that was rotated out are still valid. */
const isLive = (key: ServiceKey, nowSeconds: number): boolean => isCredential(key, nowSeconds - limits.sessionSeconds);

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';

/** What our own clients send. */
const OWN = [
  'Authorization',
  'Content-Type',
  'X-Requested-With',
  headers.serviceKey,
  headers.userId,
  headers.appId,
  headers.clientId,
];

/** More headers than any legitimate page requests. */
const MAX_LIST_CHARS = 1_024;

/** Header names (RFC 9110 §5.6.2), except names with `*`, which would match all. */
const TOKEN_LIST = /^[a-z0-9!#$%&'+.^_`|~-]+(?: *, *[a-z0-9!#$%&'+.^_`|~-]+)*$/i;

/** The one Origin of a preflight (the Fetch standard, §3.2.2). */
export function preflightOrigin({ multiValueHeaders }: APIGatewayProxyEvent): string | undefined {
  const origins = headerValues(multiValueHeaders as MultiValueHeaders, 'origin');
  return origins.length === 1 ? origins[0] : undefined;
}

/** Routes that only pages of analytics keys may call. */
const LISTED = new Set<string>(routes.filter(({ crossOrigin }) => crossOrigin === 'listed').map(({ path }) => path));

/**
 * The response to a preflight. A page that may call with its cookie gets its own origin and the headers that it requests, since `*` has no
 * meaning with credentials. Any other page may call without credentials, unless the route is only for listed pages: then nothing is
 * allowed, and the browser stops.
 */
export function preflightAnswer(
  event: APIGatewayProxyEvent,
  credentialedOrigin: string | undefined,
): APIGatewayProxyResult {
  const [asked = '', ...more] = headerValues(
    event.multiValueHeaders as MultiValueHeaders,
    'access-control-request-headers',
  );
  const isList = more.length === 0 && asked.length <= MAX_LIST_CHARS && TOKEN_LIST.test(asked);
  const wanted = credentialedOrigin === undefined ? ['*'] : isList ? [asked] : [];
  const isAllowed = credentialedOrigin !== undefined || !LISTED.has(event.resource);
  return {
    statusCode: 204,
    headers: {
      ...(isAllowed && allowance(credentialedOrigin, [...OWN, ...wanted])),
      'Cache-Control': 'no-store',
      [headers.requestId]: event.requestContext.requestId,
      Vary: 'Origin, Access-Control-Request-Headers',
    },
    body: '',
  };
}

const allowance = (credentialedOrigin: string | undefined, names: readonly string[]): Record<string, string> => ({
  'Access-Control-Allow-Origin': credentialedOrigin ?? '*',
  ...(credentialedOrigin !== undefined && { 'Access-Control-Allow-Credentials': 'true' }),
  'Access-Control-Allow-Methods': METHODS,
  'Access-Control-Allow-Headers': names.join(', '),
  'Access-Control-Max-Age': String(limits.preflightSeconds),
});
