import { droppedFromCaller, fallsUnder } from '#contract/forwarding.ts';
import { headers } from '#contract/headers.ts';
import { withoutOurCookies } from '../platform/cookies.ts';
import { type MultiValueHeaders, trimBlanks } from '../platform/request.ts';

/** What the gate states about a call. */
export interface Statements {
  /** The verified identity, by header name. */
  readonly identity: Readonly<Record<string, string>>;
  /** The address that the caller used. */
  readonly publicAddress: { readonly host: string; readonly prefix: string };
  readonly requestId: string;
  /** Which proves that the gate sends the call. */
  readonly assertion: string;
}

/** CGI-like servers fold every other character to `_`: `X.Shop.Id` would become the variable of `X-Shop-Id`. */
const FORWARDED_NAME = /^[a-z0-9-]+$/;
const isDropped = fallsUnder(droppedFromCaller);

/**
 * The caller's headers, each name once, without those that only the gate may state, and then what the gate states. `dropped` names, in lower
 * case, headers that are credentials on this route.
 */
export function upstreamHeaders(
  sent: MultiValueHeaders,
  { identity, publicAddress, requestId, assertion }: Statements,
  dropped: readonly string[] = [],
): Record<string, string | string[]> {
  const named = Object.entries(sent ?? {}).map(([name, values]) => [name.toLowerCase(), values ?? []] as const);
  const nominated = new Set(
    named.filter(([name]) => name === 'connection').flatMap(([, values]) => values.flatMap(listed)),
  );
  const kept = new Map<string, string[]>();
  for (const [name, values] of named) {
    if (!FORWARDED_NAME.test(name) || isDropped(name) || nominated.has(name) || dropped.includes(name)) continue;
    const passed = name === 'cookie' ? values.map(withoutOurCookies).filter((value) => value !== '') : values;
    const before = kept.get(name);
    if (before !== undefined) before.push(...passed.map(asBytes));
    else if (passed.length > 0) kept.set(name, passed.map(asBytes));
  }
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

const listed = (value: string): string[] => value.split(',').map((name) => trimBlanks(name).toLowerCase());

/** A header's value is bytes, which Node takes as Latin-1: text beyond that goes out as UTF-8, as browsers send it. */
const asBytes = (value: string): string =>
  /[\u0100-\uffff]/.test(value) ? Buffer.from(value, 'utf8').toString('latin1') : value;
