import { limits } from '#contract/limits.ts';
import { isForApp, type ServiceKey } from '../service-keys/service-key.ts';
import { largestMember, parseSecurityRequest, type SecurityRequestRefusal } from './security-request.ts';
import { type SecuritySealing, sealCredential } from './security-sealing.ts';
import type { SecuritySubject, SecurityToken } from './security-token.ts';

export interface SecurityGrant {
  readonly token: SecurityToken;
  /** The requested lifetime; absent: the default. */
  readonly askedSeconds?: number;
}

export type GrantRefused = {
  readonly ok: false;
  readonly reason: SecurityRequestRefusal | 'wrong_app';
  readonly detail?: string;
};

/**
 * The content of a token, within the limits of the key, by the request of the server that has the key. A lifetime that
 * is too long is refused, not shortened.
 */
export function grantSecurity(
  body: Readonly<Record<string, unknown>>,
  key: ServiceKey,
  nowSeconds: number,
  mostSeconds: number = limits.maxSecurityTokenTtlSeconds,
): { readonly ok: true; readonly value: SecurityGrant } | GrantRefused {
  const parsed = parseSecurityRequest(body);
  if (!parsed.ok) return parsed;
  const { subject, expiresInSeconds } = parsed.value;
  if (!isForApp(key, subject.appId)) return { ok: false, reason: 'wrong_app' };
  const longest = Math.min(mostSeconds, key.maxTtlSeconds ?? mostSeconds);
  if (expiresInSeconds !== undefined && expiresInSeconds > longest)
    return { ok: false, reason: 'invalid_expires_in', detail: `The maximum here is ${longest} seconds.` };
  const ttlSeconds = expiresInSeconds ?? Math.min(limits.securityTokenTtlSeconds, longest);
  // What is stamped at the moment of a revocation is revoked, so what is issued in that same second is stamped after it.
  const issuedAt = Math.max(nowSeconds, key.tokensNotBefore + 1);
  const token = { ...subject, keyId: key.keyId, issuedAt, expiresAt: nowSeconds + ttlSeconds };
  return { ok: true, value: { token, ...(expiresInSeconds !== undefined && { askedSeconds: expiresInSeconds }) } };
}

export interface IssuedSecurityToken {
  readonly token: string;
  readonly expiresInSeconds: number;
}

export type TooLarge = { readonly ok: false; readonly reason: 'token_too_large'; readonly detail: string };

/**
 * Issues a security token (contract §5.1) to a server that proved its key. Throws `DependencyError` when the ring
 * cannot be read.
 */
export async function issueSecurityToken(
  body: Readonly<Record<string, unknown>>,
  key: ServiceKey,
  sealing: SecuritySealing,
  nowSeconds: number,
): Promise<{ readonly ok: true; readonly value: IssuedSecurityToken } | GrantRefused | TooLarge> {
  const granted = grantSecurity(body, key, nowSeconds);
  if (!granted.ok) return granted;
  const { token } = granted.value;
  const text = await sealCredential('security-token', token, sealing, nowSeconds);
  if (text.length > limits.maxSecurityTokenBytes) return tooLarge(text.length, limits.maxSecurityTokenBytes, token);
  return { ok: true, value: { token: text, expiresInSeconds: token.expiresAt - nowSeconds } };
}

/** A refusal that names the member to shorten. */
export function tooLarge(bytes: number, maxBytes: number, subject: SecuritySubject): TooLarge {
  const { userId, appId, clientId, orgId, claims } = subject;
  const largest = largestMember({
    userId,
    appId,
    ...(clientId !== undefined && { clientId }),
    ...(orgId !== undefined && { orgId }),
    claims,
  });
  const detail = `It would have ${bytes} bytes, of at most ${maxBytes}; body member "${largest.name}" has ${largest.bytes} of them.`;
  return { ok: false, reason: 'token_too_large', detail };
}
