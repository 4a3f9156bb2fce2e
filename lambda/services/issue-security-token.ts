import { limits } from '../contract/limits.ts';
import { largestMember } from '../core/security-request.ts';
import type { SecuritySubject } from '../core/security-token.ts';
import type { ServiceKey } from '../core/service-key.ts';
import { type GrantRefused, grantSecurity } from './grant-security.ts';
import { type SecuritySealing, sealCredential } from './security-sealing.ts';

export interface IssuedSecurityToken {
  readonly token: string;
  readonly expiresInSeconds: number;
}

export type TooLarge = { readonly ok: false; readonly reason: 'token_too_large'; readonly detail: string };

/** Issues a security token (contract §5.1) to a server that proved its key. Throws `DependencyError` when the ring can't be read. */
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
