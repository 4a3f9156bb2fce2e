import { limits } from '#contract/limits.ts';
import { open, ringKeyOf, type SealedFor, seal } from '../crypto/jwe.ts';
import { digestOf } from '../crypto/secret-id.ts';
import { DependencyError } from '../platform/stored.ts';
import { settledKeys } from '../ring/ring.ts';
import type { RingKeeper } from '../ring/ring-keeper.ts';
import type { AnalyticsSession, SecurityToken } from './security-token.ts';

/** The ring purposes of security tokens and sessions. */
export const SECURITY_PURPOSE = 'analytics';

/** The kinds of sealed credentials. The kind is in the protected header, so that a value opens only as its own kind. */
export type SealedKind = 'security-token' | 'session-token' | 'session-cookie';

interface Contents {
  readonly 'security-token': SecurityToken;
  readonly 'session-token': AnalyticsSession;
  readonly 'session-cookie': AnalyticsSession;
}

/** The content and the kind of an opened credential. */
export type Opened<Kind extends SealedKind> = {
  readonly [One in Kind]: { readonly kind: One; readonly content: Contents[One] };
}[Kind];

export interface SecuritySealing {
  readonly ring: RingKeeper;
  readonly deployment: string;
}

/** Longest text that is treated as one of these. */
const MAX_CHARS = limits.maxSecurityTokenBytes;
const PAYLOAD_VERSION = 1;
/** Enough to distinguish stages, which also have different sealing keys. */
const AUDIENCE_CHARS = 16;

/** By deployment; a container has exactly one. */
const audiences = new Map<string, string>();

/** A browser can read the protected header, and the deployment's name contains the AWS account: so the header contains its digest. */
function placeOf(typ: SealedKind, { deployment }: SecuritySealing): SealedFor {
  const aud = audiences.get(deployment) ?? digestOf(deployment).slice(0, AUDIENCE_CHARS);
  audiences.set(deployment, aud);
  return { typ, aud };
}

/** Seals a token or session. Throws `DependencyError` when the ring cannot be read. */
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
 * Opens a text of one of these kinds; undefined for any other text, for any reason. It does not check the expiry. Throws `DependencyError`
 * when the ring cannot be read.
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

/** A value that we sealed has the expected shape. Throws `DependencyError` for a value that a newer release sealed. */
function contentOf(text: string): AnalyticsSession | SecurityToken {
  const { version, ...content } = JSON.parse(text) as AnalyticsSession & { readonly version: number };
  if (version !== PAYLOAD_VERSION)
    throw new DependencyError('a sealed credential has a version that this code does not support');
  return content;
}
