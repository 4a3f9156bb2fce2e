import { limits } from '#contract/limits.ts';
import { isSubjectId, type SecuritySubject } from './security-token.ts';

/** The content of a security token or temp token that a backend requests. */
export interface SecurityRequest {
  readonly subject: SecuritySubject;
  /** As stated; absent: the default. */
  readonly expiresInSeconds?: number;
}

export type SecurityRequestRefusal = 'invalid_request' | 'conflicting_aliases' | 'invalid_expires_in';

type Parsed =
  | { readonly ok: true; readonly value: SecurityRequest }
  | { readonly ok: false; readonly reason: SecurityRequestRefusal; readonly detail: string };

/** The spellings of each id, the documented spelling first. Source: contract §5.1. */
const SPELLINGS = {
  userId: ['userid', 'userId', 'user_id'],
  appId: ['appid', 'appId', 'app_id'],
  clientId: ['clientid', 'clientId', 'client_id'],
  orgId: ['orgid', 'orgId', 'org_id'],
} as const;
type IdName = keyof typeof SPELLINGS;

const REQUIRED: readonly IdName[] = ['userId', 'appId'];
const OURS: ReadonlySet<string> = new Set(['expiresIn', ...Object.values(SPELLINGS).flat()]);
const ID_FORM = `1 to ${limits.maxSubjectIdChars} printable ASCII characters with no space at either end`;
const UNIT_SECONDS = { s: 1, m: 60, h: 3_600 } as const;

/**
 * Parses the body of a login call: the ids in any of their spellings, the lifetime, and all other members as claims.
 */
export function parseSecurityRequest(body: Readonly<Record<string, unknown>>): Parsed {
  const ids = new Map<IdName, string>();
  for (const [name, spellings] of Object.entries(SPELLINGS) as [IdName, readonly string[]][]) {
    const used = spellings.filter((spelling) => Object.hasOwn(body, spelling));
    const [first, ...others] = used as [string?, ...string[]];
    if (first === undefined) {
      if (REQUIRED.includes(name))
        return refused('invalid_request', `Body member "${spellings[0]}" is missing: it must be ${ID_FORM}.`);
      continue;
    }
    const id = body[first];
    if (others.some((other) => body[other] !== id))
      return refused(
        'conflicting_aliases',
        `Check the body members ${used.map((spelling) => `"${spelling}"`).join(' and ')}.`,
      );
    if (typeof id !== 'string' || !isSubjectId(id))
      return refused('invalid_request', `Body member "${first}" must be ${ID_FORM}.`);
    ids.set(name, id);
  }
  const expiresInSeconds = Object.hasOwn(body, 'expiresIn') ? secondsOf(body.expiresIn) : undefined;
  if (expiresInSeconds === 'malformed') return refused('invalid_expires_in', 'The value sent has another form.');
  const claims = Object.fromEntries(Object.entries(body).filter(([name]) => !OURS.has(name)));
  const subject = { ...(Object.fromEntries(ids) as { userId: string; appId: string }), claims };
  return { ok: true, value: { subject, ...(expiresInSeconds !== undefined && { expiresInSeconds }) } };
}

const refused = (reason: SecurityRequestRefusal, detail: string): Parsed => ({ ok: false, reason, detail });

/** `"30s"`, `"10m"`, `"1h"` or a number of seconds. A string without a unit is rejected, not guessed. */
function secondsOf(value: unknown): number | 'malformed' {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? value : 'malformed';
  const match = typeof value === 'string' ? /^([1-9]\d{0,5})([smh])$/.exec(value) : null;
  return match === null ? 'malformed' : Number(match[1]) * UNIT_SECONDS[match[2] as keyof typeof UNIT_SECONDS];
}

/** The member with the largest share of a token, for the error message. */
export function largestMember({ claims, ...ids }: SecuritySubject): { readonly name: string; readonly bytes: number } {
  const sizes = Object.entries({ ...claims, ...ids }).map(([name, value]) => ({
    name,
    bytes: Buffer.byteLength(JSON.stringify({ [name]: value })),
  }));
  return sizes.reduce((largest, size) => (size.bytes > largest.bytes ? size : largest));
}
