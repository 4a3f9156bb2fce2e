import { cookies } from '#contract/cookies.ts';
import { headerValues, type MultiValueHeaders, trimBlanks } from './request.ts';

const OURS: ReadonlySet<string> = new Set(Object.values(cookies));

const OURS_IN_LOWER_CASE: ReadonlySet<string> = new Set(Object.values(cookies).map((name) => name.toLowerCase()));

/** The name of a cookie as browsers read one: up to the first `=`, without blanks, then compared byte for byte. Without `=` there is no name. */
const nameOf = (pair: string): string => trimBlanks(pair.slice(0, Math.max(0, pair.indexOf('='))));

/** All values of a cookie in all Cookie headers (RFC 6265 §4.2.1): more than one is for the caller to refuse. */
export function cookieValues(headers: MultiValueHeaders, name: string): string[] {
  return headerValues(headers, 'cookie')
    .flatMap((header) => header.split(';'))
    .map(trimBlanks)
    .filter((pair) => nameOf(pair) === name)
    .map((pair) => pair.slice(pair.indexOf('=') + 1));
}

/**
 * A cookie for calls from other sites' pages, kept apart for each site that embeds them (CHIPS), sent over TLS only and out of reach for
 * scripts. Without a value it takes the cookie away.
 */
export const setPartitionedCookie = (name: string, value: string, maxAgeSeconds: number): string =>
  `${name}=${value}; Max-Age=${maxAgeSeconds}; Path=/; Secure; HttpOnly; SameSite=None; Partitioned`;

/** Whether a cookie, or what sets one, is of a name that only the gate may give a value. */
export const isOurCookie = (pair: string): boolean => OURS.has(nameOf(pair));

/**
 * Whether a browser or a server may take what sets a cookie for one of ours: by the name as browsers read it, without regard to case and to
 * characters that some of them drop, or a cookie without a name, whose value may be read as one.
 */
export function mayBeReadAsOurs(setCookie: string): boolean {
  const [pair = ''] = setCookie.split(';', 1);
  const name = pair
    .slice(0, Math.max(0, pair.indexOf('=')))
    .replace(/[^\x21-\x7e]/g, '')
    .toLowerCase();
  return name === '' || OURS_IN_LOWER_CASE.has(name);
}

/** A Cookie header without the cookies of ours: what is left for others. */
export const withoutOurCookies = (header: string): string =>
  header
    .split(';')
    .map(trimBlanks)
    .filter((pair) => !isOurCookie(pair))
    .join('; ');

/** A cookie for this host alone, sent only to pages of our own, over TLS, and out of reach for scripts. */
export const setCookie = (name: string, value: string, maxAgeSeconds: number): string =>
  `${name}=${value}; Max-Age=${maxAgeSeconds}; Path=/; Secure; HttpOnly; SameSite=Strict`;
