import { droppedFromCaller, fallsUnder } from '#contract/forwarding.ts';
import { headers } from '#contract/headers.ts';
import { parseApiKey } from '../crypto/api-key.ts';
import { bearerOf } from '../crypto/bearer.ts';
import { isSealed } from '../crypto/jwe.ts';
import { withoutOurCookies } from '../platform/cookies.ts';
import { type MultiValueHeaders, trimBlanks } from '../platform/request.ts';
import type { CallerTags } from './entity-tags.ts';

/** The gate's own statements about a call. */
export interface Statements {
  /** The verified identity, by header name. */
  readonly identity: Readonly<Record<string, string>>;
  /** The address that the caller used. */
  readonly publicAddress: { readonly host: string; readonly prefix: string };
  readonly requestId: string;
  /** Proves that the gate sends the call. */
  readonly assertion: string;
  readonly tags: CallerTags;
}

/** CGI-like servers replace every other character with `_`: `X.Shop.Id` would become the variable of `X-Shop-Id`. */
const FORWARDED_NAME = /^[a-z0-9-]+$/;
const isDropped = fallsUnder(droppedFromCaller);

/**
 * The caller's headers, each name once, without those that only the gate may state, followed by the gate's own. `dropped` contains the
 * names, in lower case, of headers that are credentials on this route.
 */
export function upstreamHeaders(
  sent: MultiValueHeaders,
  { identity, publicAddress, requestId, assertion, tags }: Statements,
  dropped: readonly string[] = [],
): Record<string, string | string[]> {
  const named = Object.entries(sent ?? {}).map(([name, values]) => [name.toLowerCase(), values ?? []] as const);
  const nominated = new Set(
    named.filter(([name]) => name === 'connection').flatMap(([, values]) => values.flatMap(listed)),
  );
  const kept = new Map<string, string[]>();
  for (const [name, values] of named) {
    if (!FORWARDED_NAME.test(name) || isDropped(name) || nominated.has(name) || dropped.includes(name)) continue;
    const passed = passedValues(name, values);
    const before = kept.get(name);
    if (before !== undefined) before.push(...passed.map(asBytes));
    else if (passed.length > 0) kept.set(name, passed.map(asBytes));
  }
  bindConditions(kept, tags);
  return {
    ...Object.fromEntries(kept),
    ...identity,
    'X-Forwarded-Proto': 'https',
    'X-Forwarded-Host': publicAddress.host,
    'X-Forwarded-Prefix': publicAddress.prefix,
    [headers.requestId]: requestId,
    [headers.assertion]: assertion,
  };
}

/** Cookies without ours, and no credential of ours in a header that this route does not read. */
function passedValues(name: string, values: readonly string[]): readonly string[] {
  if (name === 'cookie') return values.map(withoutOurCookies).filter((value) => value !== '');
  return name === 'authorization' ? values.filter((value) => !isOurCredential(value)) : values;
}

/** Whether a text is a key or a sealed token, by its form alone. */
function isOurCredential(authorization: string): boolean {
  const text = bearerOf([authorization]);
  return text !== undefined && (parseApiKey(text).ok || isSealed(text));
}

/**
 * Only a tag that this caller got may confirm a response or request the rest of one. A change is sent with every tag that was stated: the
 * upstream does not know a tag of another caller, so it refuses the change.
 */
function bindConditions(kept: Map<string, string[]>, tags: CallerTags): void {
  const noneMatch = kept.get('if-none-match');
  if (noneMatch !== undefined) {
    replace(kept, 'if-none-match', tags.unmarked(noneMatch).own);
    // Together with a tag it is ignored (RFC 9110 §13.1.3). Instead of the tag it would confirm what the tag does not.
    kept.delete('if-modified-since');
  }
  const match = kept.get('if-match');
  if (match !== undefined) {
    const { own, foreign } = tags.unmarked(match);
    kept.set('if-match', [[...own, ...foreign].join(', ') || NO_TAG]);
  }
  const range = kept.get('if-range');
  if (range === undefined || !range.some((value) => value.includes('"'))) return;
  const { own, foreign } = tags.unmarked(range);
  replace(kept, 'if-range', foreign.length === 0 ? own : []);
  // Without its condition, a range would be returned whatever the rest of the response is.
  if (!kept.has('if-range')) kept.delete('range');
}

/** A condition that no response meets. */
const NO_TAG = '""';

function replace(kept: Map<string, string[]>, name: string, tags: readonly string[]): void {
  if (tags.length === 0) kept.delete(name);
  else kept.set(name, [tags.join(', ')]);
}

const listed = (value: string): string[] => value.split(',').map((name) => trimBlanks(name).toLowerCase());

/** A header value consists of bytes, which Node reads as Latin-1: other text is sent as UTF-8, as browsers do. */
const asBytes = (value: string): string =>
  /[\u0100-\uffff]/.test(value) ? Buffer.from(value, 'utf8').toString('latin1') : value;
