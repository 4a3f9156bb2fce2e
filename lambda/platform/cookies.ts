import { cookies } from '#contract/cookies.ts';
import { headerValues, type MultiValueHeaders, trimBlanks } from './request.ts';

const OURS: ReadonlySet<string> = new Set(Object.values(cookies));

const OURS_IN_LOWER_CASE: ReadonlySet<string> = new Set(Object.values(cookies).map((name) => name.toLowerCase()));

/** The name of a cookie as browsers parse it: up to the first `=`, trimmed, then compared byte for byte. Without `=` there is no name. */
const nameOf = (pair: string): string => trimBlanks(pair.slice(0, Math.max(0, pair.indexOf('='))));

/** All values of a cookie in all Cookie headers (RFC 6265 §4.2.1); the caller must refuse more than one. */
export function cookieValues(headers: MultiValueHeaders, name: string): string[] {
  return headerValues(headers, 'cookie')
    .flatMap((header) => header.split(';'))
    .map(trimBlanks)
    .filter((pair) => nameOf(pair) === name)
    .map((pair) => pair.slice(pair.indexOf('=') + 1));
}

/**
 * A cookie for calls from pages of other sites, separate for each site that embeds them (CHIPS), sent only over TLS and not readable by
 * scripts. Without a value, it deletes the cookie.
 */
export const setPartitionedCookie = (name: string, value: string, maxAgeSeconds: number): string =>
  `${name}=${value}; Max-Age=${maxAgeSeconds}; Path=/; Secure; HttpOnly; SameSite=None; Partitioned`;

/** Whether a cookie or a Set-Cookie header has a name that is reserved for the gate. */
export const isOurCookie = (pair: string): boolean => OURS.has(nameOf(pair));

/**
 * Whether a browser or a server may read a Set-Cookie header as one of our cookies: by the name as browsers parse it, without regard to
 * case and to characters that some of them drop, or without a name, because the value may then be read as one.
 */
export function mayBeReadAsOurs(setCookie: string): boolean {
  const [pair = ''] = setCookie.split(';', 1);
  const name = pair
    .slice(0, Math.max(0, pair.indexOf('=')))
    .replace(/[^\x21-\x7e]/g, '')
    .toLowerCase();
  return name === '' || OURS_IN_LOWER_CASE.has(name);
}

/** A Cookie header without our own cookies: the part for others. */
export const withoutOurCookies = (header: string): string =>
  header
    .split(';')
    .map(trimBlanks)
    .filter((pair) => !isOurCookie(pair))
    .join('; ');

/** A cookie for this host only, sent only to our own pages, over TLS, and not readable by scripts. */
export const setCookie = (name: string, value: string, maxAgeSeconds: number): string =>
  `${name}=${value}; Max-Age=${maxAgeSeconds}; Path=/; Secure; HttpOnly; SameSite=Strict`;
