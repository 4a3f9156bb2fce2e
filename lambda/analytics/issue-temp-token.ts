import { limits } from '#contract/limits.ts';
import { digestOf, newSecretId } from '../crypto/secret-id.ts';
import type { ServiceKey } from '../service-keys/service-key.ts';
import { type GrantRefused, grantSecurity, type TooLarge, tooLarge } from './issue-security-token.ts';
import type { AnalyticsSession, TempToken, TempTokenStore } from './security-token.ts';

/** Bytes of JWE in addition to its payload's Base64url: header, nonce, tag, separators, and the longest deployment name. */
const SEALED_OVERHEAD_BYTES = 330;
/** Name and attributes of the session cookie. */
const COOKIE_OVERHEAD_BYTES = 130;

export type TempTokenRefused = GrantRefused | TooLarge | { readonly ok: false; readonly reason: 'key_without_origins' };

/**
 * Issues a temp token (contract §5.3) to a server that proved its key: a random value, of which only the SHA-256 is stored, together with
 * the content of the later session. A lifetime in the request is that of the session. Throws `DependencyError` when the store fails.
 */
export async function issueTempToken(
  body: Readonly<Record<string, unknown>>,
  key: ServiceKey,
  tempTokens: Pick<TempTokenStore, 'create'>,
  nowSeconds: number,
): Promise<{ readonly ok: true; readonly value: string } | TempTokenRefused> {
  if (key.allowedOrigins.length === 0) return { ok: false, reason: 'key_without_origins' };
  const granted = grantSecurity(body, key, nowSeconds, limits.sessionSeconds);
  if (!granted.ok) return granted;
  const { token, askedSeconds } = granted.value;
  const tempToken: TempToken = {
    ...token,
    expiresAt: nowSeconds + limits.tempTokenSeconds,
    sessionEndsAt:
      nowSeconds + (askedSeconds ?? Math.min(limits.sessionSeconds, key.maxTtlSeconds ?? limits.sessionSeconds)),
  };
  const bytes = cookieBytes(tempToken);
  if (bytes > limits.maxSessionCookieBytes) return tooLarge(bytes, limits.maxSessionCookieBytes, token);
  const text = newSecretId();
  await tempTokens.create(digestOf(text), tempToken);
  return { ok: true, value: text };
}

/** The size of the later session's cookie. It is checked now, while the server can still shorten the request. */
function cookieBytes({ sessionEndsAt: endsAt, ...token }: TempToken): number {
  const session: AnalyticsSession = { ...token, sessionId: newSecretId(), endsAt };
  const payload = Buffer.byteLength(JSON.stringify({ version: 1, ...session }));
  return Math.ceil((payload * 4) / 3) + SEALED_OVERHEAD_BYTES + COOKIE_OVERHEAD_BYTES;
}
