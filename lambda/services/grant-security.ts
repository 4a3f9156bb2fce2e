import { limits } from '../contract/limits.ts';
import { parseSecurityRequest, type SecurityRequestRefusal } from '../core/security-request.ts';
import type { SecurityToken } from '../core/security-token.ts';
import { isForApp, type ServiceKey } from '../core/service-key.ts';

export interface SecurityGrant {
  readonly token: SecurityToken;
  /** The life that was asked for; absent: the default. */
  readonly askedSeconds?: number;
}

export type GrantRefused = {
  readonly ok: false;
  readonly reason: SecurityRequestRefusal | 'wrong_app';
  readonly detail?: string;
};

/** What a key may have a token say, by the request of the server that holds it. A life that is too long is refused, never cut. */
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
  const token = { ...subject, keyId: key.keyId, issuedAt: nowSeconds, expiresAt: nowSeconds + ttlSeconds };
  return { ok: true, value: { token, ...(expiresInSeconds !== undefined && { askedSeconds: expiresInSeconds }) } };
}
