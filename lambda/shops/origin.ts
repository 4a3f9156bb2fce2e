import { limits } from '#contract/limits.ts';
import { type Result, refusal, success } from '../crypto/result.ts';
import { readHostName } from './host-name.ts';

/** The origins of app pages, by prefix, and which other apps have the same one. */
const kinds: readonly { readonly origin: RegExp; readonly sharedBy: string }[] = [
  { origin: /^(?:capacitor|ionic):\/\/localhost$/, sharedBy: 'every iOS app that is built with Capacitor or Ionic' },
  { origin: /^tauri:\/\/localhost$/, sharedBy: 'every desktop app that is built with Tauri' },
  { origin: /^app:\/\/[a-z0-9._-]{1,253}$/, sharedBy: 'every desktop app that uses this address' },
  { origin: /^chrome-extension:\/\/[a-p]{32}$/, sharedBy: 'every installation of the extension with this id' },
  {
    origin: /^https:\/\/localhost$/,
    sharedBy: "every Android app that is built with Capacitor or Ionic, and every server on the user's own machine",
  },
];

const APP_SCHEMES = /^(?:capacitor|ionic|tauri|app|chrome-extension):/i;

/** Whether a text is exactly an origin that apps have (contract §3.5). */
export const isAppOrigin = (text: string): boolean => kinds.some(({ origin }) => origin.test(text));

/** Whether a text is intended as an app's origin. */
const hasAppScheme = (text: string): boolean => APP_SCHEMES.test(text);

/** A note about an origin that was registered as an app's; undefined for one of the web. */
export function appOriginWarning(origin: string): string | undefined {
  const kind = kinds.find((candidate) => candidate.origin.test(origin));
  return kind && `${origin} is the origin of ${kind.sharedBy}: all of them may use the widget.`;
}

export type OriginRefusal =
  | 'not_a_url'
  | 'not_https'
  | 'not_an_origin'
  | 'app_origin'
  | 'ip_literal'
  | 'single_label_host'
  | 'loopback_in_production'
  | 'malformed_host'
  | 'too_long';

/** The origins that may be registered here. */
export interface OriginRules {
  /** Loopback origins are never registered in production. */
  readonly production: boolean;
  /** Whether origins that all apps of a kind share may be registered, unchanged. Default: no. */
  readonly app?: boolean;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Browsers resolve every name below localhost to this machine, too. */
const isLoopback = (host: string): boolean => LOOPBACK.has(host) || host.endsWith('.localhost');

const DEFAULT_PORTS = new Map([
  ['https', '443'],
  ['http', '80'],
]);

/** An address in its parts, as typed except for surrounding white space and the case of the scheme. */
interface Address {
  readonly scheme: string;
  readonly host: string;
  /** Empty: none was typed. */
  readonly port: string;
  /** Path, query and fragment. */
  readonly rest: string;
}

/**
 * Parses an origin for registration and returns it as a browser sends it, so that the run time can compare bytes. Source: contract §3.5. It
 * corrects only what has one meaning: surrounding white space, letter case, a missing https, the default port, a trailing slash, an
 * international name. It refuses whatever a parser would read as another host.
 */
export function readOrigin(text: string, rules: OriginRules): Result<string, OriginRefusal> {
  if (rules.app === true && isAppOrigin(text)) return success(text);
  const address = readAddress(text);
  if (!address.ok) return address;
  return address.value.rest === '' || address.value.rest === '/'
    ? originOf(address.value, rules)
    : refusal('not_an_origin');
}

/** Parses the address of a shop and returns its origin; a path is dropped, because every page of a host has the same origin. */
export function readShopUrl(text: string, rules: Pick<OriginRules, 'production'>): Result<string, OriginRefusal> {
  const address = readAddress(text);
  if (!address.ok) return address;
  if (/[?#]/.test(address.value.rest)) return refusal('not_an_origin');
  return address.value.host.startsWith('*') ? refusal('not_a_url') : originOf(address.value, rules);
}

/** The origins of a shop's URL: itself and, unless `exact`, its `www.` sibling. `url` comes from `readShopUrl`. */
export function originsOfShopUrl(url: string, exact: boolean, rules: Pick<OriginRules, 'production'>): string[] {
  if (exact || isLoopback(new URL(url).hostname)) return [url];
  const sibling = url.startsWith('https://www.')
    ? url.replace('https://www.', 'https://')
    : url.replace('https://', 'https://www.');
  return readOrigin(sibling, rules).ok ? [url, sibling] : [url];
}

function readAddress(text: string): Result<Address, OriginRefusal> {
  const trimmed = text.trim();
  if (trimmed.length > limits.maxAddressChars) return refusal('too_long');
  if (hasAppScheme(trimmed)) return refusal('app_origin');
  // Some parsers treat these as separators, others ignore them.
  if (/[\s\\\p{C}]/u.test(trimmed)) return refusal('not_an_origin');
  const [, scheme, authority = '', rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/?#]*)(.*)$/i.exec(trimmed) ?? [];
  if (scheme !== undefined && !DEFAULT_PORTS.has(scheme.toLowerCase())) return refusal('not_https');
  if (authority.includes('@')) return refusal('not_an_origin');
  const [, host = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(authority) ?? [];
  // A word before a colon without a port number is a scheme without its slashes.
  if (scheme === undefined && port !== undefined && !/^\d*$/.test(port) && !host.includes('.'))
    return refusal(/^https$/i.test(host) ? 'not_a_url' : 'not_https');
  // Without a scheme, a single word is probably not an address.
  if (host === '' || (scheme === undefined && !host.includes('.'))) return refusal('not_a_url');
  if (port !== undefined && !isPort(port)) return refusal('not_an_origin');
  return success({ scheme: scheme?.toLowerCase() ?? 'https', host, port: port ?? '', rest });
}

const isPort = (text: string): boolean => /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535;

function originOf({ scheme, host: typed, port }: Address, { production }: OriginRules): Result<string, OriginRefusal> {
  const isPattern = typed.startsWith('*.');
  const host = readHost(isPattern ? typed.slice(2) : typed);
  if (!host.ok) return host;
  if (isLoopback(host.value)) {
    if (isPattern) return refusal('malformed_host');
    if (production) return refusal('loopback_in_production');
  } else {
    if (scheme !== 'https') return refusal('not_https');
    if (!host.value.includes('.')) return refusal('single_label_host');
  }
  const suffix = port === '' || port === DEFAULT_PORTS.get(scheme) ? '' : `:${port}`;
  const origin = `${scheme}://${isPattern ? '*.' : ''}${host.value}${suffix}`;
  return origin.length > limits.maxOriginChars ? refusal('too_long') : success(origin);
}

/** Only loopback addresses may be numbers, and only in their usual form. */
function readHost(typed: string): Result<string, OriginRefusal> {
  if (LOOPBACK.has(typed)) return success(typed);
  return typed.startsWith('[') ? refusal('ip_literal') : readHostName(typed);
}
