import { isIP } from 'node:net';
import { droppedFromUpstream, fallsUnder, VARY } from '#contract/forwarding.ts';
import { headers } from '#contract/headers.ts';
import { type Result, refusal, success } from '../crypto/result.ts';
import { mayBeReadAsOurs } from '../platform/cookies.ts';
import { trimBlanks } from '../platform/request.ts';
import type { CallerTags } from './entity-tags.ts';

/** The addresses between which a redirect is translated. */
export interface Redirection {
  /** The upstream's address in the settings of the stage. */
  readonly base: URL;
  /** The URL that was called. */
  readonly called: string;
  /** The address of the gate, from which an upstream behind a proxy builds its own address. */
  readonly host: string;
  /** The path of the gate that maps to the base: `/dev/api/widget`. */
  readonly prefix: string;
}

/**
 * A `Location` that a caller may follow. Below the upstream's address it becomes the gate's path. So does an address that the upstream
 * built from `X-Forwarded-Host` and `X-Forwarded-Prefix`, because behind CloudFront that host is not the one that the caller used. An
 * address of another public origin remains. Undefined for every other address: it would reveal an internal name, or be unreachable.
 */
export function passedRedirect(location: string, redirection: Redirection): Passed | undefined {
  const { base, called, host, prefix } = redirection;
  const escaped = inAscii(location);
  const target = URL.canParse(escaped, called) ? new URL(escaped, called) : undefined;
  if (target === undefined || target.username !== '' || target.password !== '') return undefined;
  const isOurs = isWeb(target) && target.host === host.toLowerCase();
  if (!isOurs && !isSameServer(target, base))
    return isPublic(target) ? { url: target.href, isForeign: true } : undefined;
  // An upstream that builds our address may use or ignore the prefix.
  const below = (isOurs ? pathBelow(prefix, target.pathname) : undefined) ?? pathBelow(base.pathname, target.pathname);
  return below === undefined ? undefined : { url: `${prefix}${below}${target.search}${target.hash}`, isForeign: false };
}

/** An address that a caller may have. */
export interface Passed {
  readonly url: string;
  /** Whether it leads away from the gate. */
  readonly isForeign: boolean;
}

/** Whether the target is the upstream. A program behind a proxy that ends TLS states its own address with `http`. */
function isSameServer(target: URL, base: URL): boolean {
  if (target.origin === base.origin) return true;
  const nameOf = ({ hostname }: URL): string => hostname.replace(/\.$/, '');
  return (
    isWeb(target) &&
    nameOf(target) === nameOf(base) &&
    (target.port === base.port || [target, base].every(isOnDefaultPort))
  );
}

const isOnDefaultPort = ({ port }: URL): boolean => port === '';

/** The part of a path below the path of a base; undefined when it is not below. */
function pathBelow(basePath: string, path: string): string | undefined {
  const base = basePath.replace(/\/$/, '');
  if (path !== base && !path.startsWith(`${base}/`)) return undefined;
  return path.slice(base.length) || '/';
}

/** Node reads a header's bytes as Latin-1. As text they would be encoded a second time, and UTF-8 would become other characters. */
const inAscii = (location: string): string =>
  location.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);

/** Top-level names that no public server has: reserved, or used in private networks and clusters. */
const INTERNAL_ENDINGS =
  /(^|\.)(localhost|local|localdomain|internal|intranet|intern|lan|home|corp|private|onprem|svc|consul|docker|arpa|test|invalid)$|^internal-.*\.elb\.amazonaws\.com$|\.(rds|cache|vpce)\.amazonaws\.com$/;

/** Whether an address is public: a full domain name, over HTTP. An IP address in a redirect is internal. */
function isPublic(target: URL): boolean {
  const { hostname } = target;
  if (!isWeb(target)) return false;
  if (hostname.startsWith('[') || isIP(hostname) !== 0) return false;
  const name = hostname.replace(/\.+$/, '');
  return name.includes('.') && !INTERNAL_ENDINGS.test(name);
}

const isWeb = ({ protocol }: URL): boolean => protocol === 'https:' || protocol === 'http:';

/** Header values by name in lower case. */
export type HeaderValues = Readonly<Record<string, readonly string[] | undefined>>;

/** Status and headers as the upstream sent them. */
export interface SentHead {
  readonly status: number;
  readonly headers: HeaderValues;
}

export interface Page {
  /** The page's origin, if the call has one. */
  readonly origin: string | undefined;
  readonly requestId: string;
  readonly tags: CallerTags;
  /** Whether the call had a credential in a header of ours, which clients send to another host when they follow a redirect. */
  readonly sendsCredential: boolean;
}

const isDropped = fallsUnder(droppedFromUpstream);

/**
 * An upstream's headers as the page gets them: readable for the page that the authorizer allowed, cached by its browser for this caller
 * only, and without headers that have an effect beyond this response. It refuses a redirect that must not leave the gate. From any other
 * response, which may report a completed change, it removes only the address.
 */
export function pageHeaders(
  { status, headers: sent }: SentHead,
  { origin, requestId, tags, sendsCredential }: Page,
  redirection: Redirection,
): Result<Record<string, string[]>, 'bad_redirect'> {
  const nominated = new Set((sent.connection ?? []).flatMap(listed).map((name) => name.toLowerCase()));
  const kept: Record<string, string[]> = {};
  for (const [name, values = []] of Object.entries(sent)) {
    // Normalized, because a page's own server may read `X_Session_Token` or `X.Session.Token` as ours.
    if (isDropped(name.replace(/[^a-z0-9]/g, '-')) || nominated.has(name)) continue;
    kept[name] = name === 'set-cookie' ? values.filter((value) => !mayBeReadAsOurs(value)) : [...values];
  }
  for (const name of ['location', 'content-location'] as const) {
    const [value, ...others] = kept[name] ?? [];
    if (value === undefined) continue;
    const passed = others.length === 0 ? passedRedirect(value, redirection) : undefined;
    const isFollowed = name === 'location' && isRedirect(status);
    if (isFollowed && (passed === undefined || (passed.isForeign && sendsCredential))) return refusal('bad_redirect');
    if (passed === undefined) delete kept[name];
    else kept[name] = [passed.url];
  }
  replace(kept, 'link', (values) => values.flatMap((value) => passedLinks(value, redirection)));
  replace(kept, 'etag', (values) => tags.marked(values) ?? []);
  return success({
    ...kept,
    'access-control-allow-origin': [origin ?? '*'],
    'access-control-expose-headers': ['*'],
    'cache-control': [cacheControl(kept['cache-control'] ?? [], kept.expires ?? [])],
    vary: [vary(kept.vary ?? [])],
    'x-content-type-options': ['nosniff'],
    [headers.requestId.toLowerCase()]: [requestId],
  });
}

function replace(
  kept: Record<string, string[]>,
  name: string,
  change: (values: readonly string[]) => string | readonly string[],
): void {
  const values = kept[name];
  if (values === undefined) return;
  const changed = [change(values)].flat();
  if (changed.length === 0) delete kept[name];
  else kept[name] = changed;
}

/** The links of a `Link` header (RFC 8288 §3) that a caller may have, each as a separate value. */
const passedLinks = (value: string, redirection: Redirection): string[] =>
  [...value.matchAll(/<([^>]*)>((?:"(?:\\.|[^"\\])*"|[^,"])*)/g)].flatMap(([, target = '', parameters = '']) => {
    const passed = passedRedirect(target, redirection);
    return passed === undefined ? [] : [`<${passed.url}>${trimBlanks(parameters)}`];
  });

/** 304 is the only other status of its class. */
const isRedirect = (status: number): boolean => status >= 300 && status <= 399 && status !== 304;

const listed = (value: string): string[] =>
  value
    .split(',')
    .map(trimBlanks)
    .filter((word) => word !== '');

/**
 * The upstream's cache rules, but never for a shared cache. Without any rules nothing is cached, and without a time nothing is reused
 * unchecked: browsers would otherwise derive a time from `Last-Modified` (RFC 9111 §4.2.2).
 */
function cacheControl(stated: readonly string[], expires: readonly string[]): string {
  const directives = stated.flatMap(directivesOf);
  if (directives.length === 0) return 'no-store';
  // Anywhere outside of quotes: some caches also read `public; max-age=60` and `public max-age=60` as `public`.
  const isShared = (directive: string): boolean =>
    /(^|[^\w-])(public|s-maxage|proxy-revalidate)($|[^\w-])/i.test(directive.replace(/="(?:\\.|[^"\\])*"/g, ''));
  const own = directives.filter((directive) => !isShared(directive));
  const isTimed =
    own.some((directive) => /^(max-age="?\d+"?|no-cache|no-store)$/i.test(directive)) ||
    (expires.length === 1 && !Number.isNaN(Date.parse(expires[0] as string)));
  const untimed = isTimed ? [] : ['no-cache'];
  if (own.length === directives.length) return [...own, ...untimed].join(', ');
  return [...own.filter((directive) => !/^private$/i.test(directive)), ...untimed, 'private'].join(', ');
}

/** At commas outside of quoted strings: `private="a, b"` is one directive. */
const directivesOf = (value: string): string[] =>
  [...value.matchAll(/(?:"(?:\\.|[^"\\])*"?|[^,"])+/g)]
    .map(([directive]) => trimBlanks(directive))
    .filter((each) => each !== '');

function vary(stated: readonly string[]): string {
  const theirs = stated.flatMap(listed);
  const ours = VARY.filter((name) => !theirs.some((one) => one.toLowerCase() === name.toLowerCase()));
  return [...theirs, ...ours].join(', ');
}
