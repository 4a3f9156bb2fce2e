import { limits } from '#contract/limits.ts';
import { open, ringKeyOf, type SealedFor, seal } from '../crypto/jwe.ts';
import { digestOf } from '../crypto/secret-id.ts';
import { DependencyError } from '../platform/stored.ts';
import { settledKeys } from '../ring/ring.ts';
import type { RingKeeper } from '../ring/ring-keeper.ts';
import type { AnalyticsSession, SecurityToken } from './security-token.ts';

/** What the ring derives the keys of security tokens and sessions for. */
export const SECURITY_PURPOSE = 'analytics';

/** The kinds of sealed credentials. Each stands in the protected header, so that a value opens in its own slot only. */
export type SealedKind = 'security-token' | 'session-token' | 'session-cookie';

interface Contents {
  readonly 'security-token': SecurityToken;
  readonly 'session-token': AnalyticsSession;
  readonly 'session-cookie': AnalyticsSession;
}

/** What was opened, and as which kind. */
export type Opened<Kind extends SealedKind> = {
  readonly [One in Kind]: { readonly kind: One; readonly content: Contents[One] };
}[Kind];

export interface SecuritySealing {
  readonly ring: RingKeeper;
  readonly deployment: string;
}

/** Longest text that is looked at as one of these. */
const MAX_CHARS = limits.maxSecurityTokenBytes;
const PAYLOAD_VERSION = 1;
/** Enough to tell stages apart; the sealing key is another in each, too. */
const AUDIENCE_CHARS = 16;

/** By deployment, of which a container has one. */
const audiences = new Map<string, string>();

/** A browser can read the protected header, and the deployment's name has the AWS account in it: so its digest stands there. */
function placeOf(typ: SealedKind, { deployment }: SecuritySealing): SealedFor {
  const aud = audiences.get(deployment) ?? digestOf(deployment).slice(0, AUDIENCE_CHARS);
  audiences.set(deployment, aud);
  return { typ, aud };
}

/** Seals a token or session. Throws `DependencyError` when the ring can't be read. */
export async function sealCredential<Kind extends SealedKind>(
  kind: Kind,
  content: Contents[Kind],
  sealing: SecuritySealing,
  nowSeconds: number,
): Promise<string> {
  const keys = settledKeys(await sealing.ring.keys(), limits.ringSettledSeconds, nowSeconds);
  return seal(JSON.stringify({ version: PAYLOAD_VERSION, ...content }), keys, placeOf(kind, sealing));
}

/**
 * Opens a text that is one of these kinds here; undefined for anything else, whatever is wrong with it. Whether it has expired is not looked
 * at. Throws `DependencyError` when the ring can't be read.
 */
export async function openCredential<Kind extends SealedKind>(
  text: string,
  kinds: readonly Kind[],
  sealing: SecuritySealing,
): Promise<Opened<Kind> | undefined> {
  const ringKeyId = text.length <= MAX_CHARS ? ringKeyOf(text) : undefined;
  if (ringKeyId === undefined) return undefined;
  const held = await sealing.ring.keys();
  const keys = held.keys.has(ringKeyId) ? held : await sealing.ring.keysHolding(ringKeyId);
  for (const kind of kinds) {
    const opened = open(text, keys, placeOf(kind, sealing));
    if (opened.ok) return { kind, content: contentOf(opened.value) } as Opened<Kind>;
    if (opened.reason !== 'wrong_context') return undefined;
  }
  return undefined;
}

/** What we sealed has the shape that we gave it. Throws `DependencyError` for what a newer release sealed. */
function contentOf(text: string): AnalyticsSession | SecurityToken {
  const { version, ...content } = JSON.parse(text) as AnalyticsSession & { readonly version: number };
  if (version !== PAYLOAD_VERSION)
    throw new DependencyError('a sealed credential is of a version that this code does not know');
  return content;
}
