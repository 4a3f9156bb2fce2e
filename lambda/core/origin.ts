import { limits } from '../contract/limits.ts';
import { type Result, refusal, success } from './result.ts';

export type OriginRefusal =
  | 'not_a_url'
  | 'not_https'
  | 'not_an_origin'
  | 'ip_literal'
  | 'single_label_host'
  | 'loopback_in_production'
  | 'malformed_host'
  | 'too_long';

/** Which origins may be registered here: loopback ones never in production. */
export interface OriginRules {
  readonly production: boolean;
}

const HOST = /^(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*$/;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Browsers take every name below localhost for this machine too. */
const isLoopback = (hostname: string): boolean => LOOPBACK.has(hostname) || hostname.endsWith('.localhost');
const WILDCARD = 'https://*.';

/**
 * Checks an origin for registration and returns it unchanged. Source: contract §3.5.
 * An origin is stored only if parsing it gives back exactly what was typed; so no user info, path, default port, upper case, raw Unicode
 * or odd spelling of a host gets in, and the run time can compare bytes.
 */
export function checkOrigin(text: string, rules: OriginRules): Result<string, OriginRefusal> {
  if (text.length > limits.maxOriginChars) return refusal('too_long');
  if (text.startsWith(WILDCARD)) return checkPattern(text, rules);
  if (!URL.canParse(text)) return refusal('not_a_url');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refusal('not_https');
  if (url.origin !== text) return refusal('not_an_origin');
  if (isLoopback(url.hostname)) return rules.production ? refusal('loopback_in_production') : success(text);
  if (url.protocol === 'http:') return refusal('not_https');
  return checkHost(url.hostname, text);
}

function checkHost(hostname: string, text: string): Result<string, OriginRefusal> {
  if (hostname.startsWith('[') || /^[0-9.]+$/.test(hostname)) return refusal('ip_literal');
  if (hostname.length > 253 || !HOST.test(hostname)) return refusal('malformed_host');
  return hostname.includes('.') ? success(text) : refusal('single_label_host');
}

/** `https://*.example.com`: every sub-domain, at least two labels after the star. */
function checkPattern(text: string, rules: OriginRules): Result<string, OriginRefusal> {
  const apex = text.slice(WILDCARD.length);
  if (apex.includes('*')) return refusal('malformed_host');
  const rest = checkOrigin(`https://${apex}`, rules);
  if (!rest.ok) return rest;
  return isLoopback(new URL(rest.value).hostname) ? refusal('malformed_host') : success(text);
}

/** The origins that a shop's URL stands for: itself and, unless `exact`, its `www.` sibling. */
export function originsOfShopUrl(url: string, exact: boolean, rules: OriginRules): Result<string[], OriginRefusal> {
  const checked = checkOrigin(url.endsWith('/') ? url.slice(0, -1) : url, rules);
  if (!checked.ok) return checked;
  const origin = checked.value;
  if (origin.startsWith(WILDCARD)) return refusal('not_a_url');
  if (exact || isLoopback(new URL(origin).hostname)) return success([origin]);
  const sibling = origin.startsWith('https://www.')
    ? origin.replace('https://www.', 'https://')
    : origin.replace('https://', 'https://www.');
  const storable = checkOrigin(sibling, rules);
  return success(storable.ok ? [origin, storable.value] : [origin]);
}
