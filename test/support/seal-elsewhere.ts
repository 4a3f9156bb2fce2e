import { environment } from '#contract/environment.ts';
import {
  SECURITY_PURPOSE,
  type SealedKind,
  type SecuritySealing,
  sealCredential,
} from '#lambda/analytics/security-sealing.ts';
import type { AnalyticsSession } from '#lambda/analytics/security-token.ts';
import { SecretsRingStore } from '#lambda/ring/ring.store.ts';
import { deriveSealingKeys, parseRing } from '#lambda/ring/ring.ts';
import { clientsOf } from './aws-clients.ts';
import type { RunningGate } from './gate.ts';

/** Where something is sealed; without any member, at the gate itself. */
export interface Elsewhere {
  readonly deployment?: string;
  readonly purpose?: string;
  readonly change?: Partial<AnalyticsSession>;
}

/** A credential of user `u-17` sealed with the gate's very ring, as who holds a copy of the ring would seal it for another place. */
export async function sealElsewhere(
  gate: RunningGate,
  keyId: string,
  kind: SealedKind,
  { deployment, purpose = SECURITY_PURPOSE, change = {} }: Elsewhere = {},
): Promise<string> {
  const { secretsManager, environment: variables } = clientsOf(gate, 'AnalyticsAuthorizer');
  const ring = parseRing(
    await new SecretsRingStore(secretsManager, variables[environment.ringSecret] as string).read(),
  );
  if (!ring.ok) throw new Error(ring.reason);
  const place = deployment ?? (variables[environment.deployment] as string);
  const keys = deriveSealingKeys(ring.value, purpose, place);
  const sealing = { ring: { keys: async () => keys }, deployment: place } as unknown as SecuritySealing;
  const issuedAt = Math.floor(Date.now() / 1_000);
  const expiresAt = issuedAt + 600;
  const content = { userId: 'u-17', appId: 'sales', claims: {}, keyId, issuedAt, expiresAt };
  const session = { ...content, sessionId: 'A'.repeat(43), endsAt: expiresAt };
  return sealCredential(kind, { ...session, ...change }, sealing, issuedAt);
}
