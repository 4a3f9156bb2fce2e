import { headerValues, type MultiValueHeaders } from './request.ts';

/** All values of a cookie in all Cookie headers (RFC 6265 §4.2.1): more than one is for the caller to refuse. */
export function cookieValues(headers: MultiValueHeaders, name: string): string[] {
  return headerValues(headers, 'cookie')
    .flatMap((header) => header.split(';'))
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}

/** A cookie for this host alone, sent only to pages of our own, over TLS, and out of reach for scripts. */
export const setCookie = (name: string, value: string, maxAgeSeconds: number): string =>
  `${name}=${value}; Max-Age=${maxAgeSeconds}; Path=/; Secure; HttpOnly; SameSite=Strict`;
