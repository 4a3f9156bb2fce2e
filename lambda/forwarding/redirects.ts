import { isIP } from 'node:net';

/** Between which addresses a redirect is translated. */
export interface Redirection {
  /** The upstream's address, as the stage has it. */
  readonly base: URL;
  /** The URL that was called. */
  readonly called: URL;
  /** The address of the gate, by which an upstream that knows of proxies states its own. */
  readonly host: string;
  /** The path of the gate that stands for the base: `/dev/api/widget`. */
  readonly prefix: string;
}

/**
 * A `Location` as a caller may follow it: below the upstream's address it becomes the gate's path. So does an address that the upstream built from
 * `X-Forwarded-Host` and `X-Forwarded-Prefix`, because behind CloudFront that host is not the one that the caller called. One to another public origin
 * stays. Nothing for every other: it would tell an internal name, or lead nowhere.
 */
export function passedRedirect(location: string, { base, called, host, prefix }: Redirection): string | undefined {
  const escaped = inAscii(location);
  const target = URL.canParse(escaped, called.href) ? new URL(escaped, called.href) : undefined;
  if (target === undefined || target.username !== '' || target.password !== '') return undefined;
  const isOurs = isWeb(target) && target.host === host.toLowerCase();
  if (!isOurs && target.origin !== base.origin) return isPublic(target) ? target.href : undefined;
  // The prefix may be heeded or not by an upstream that states our address.
  const below = (isOurs ? pathBelow(prefix, target.pathname) : undefined) ?? pathBelow(base.pathname, target.pathname);
  return below === undefined ? undefined : `${prefix}${below}${target.search}${target.hash}`;
}

/** What of a path follows the path of a base; nothing when it is not below. */
function pathBelow(basePath: string, path: string): string | undefined {
  const base = basePath.replace(/\/$/, '');
  if (path !== base && !path.startsWith(`${base}/`)) return undefined;
  return path.slice(base.length) || '/';
}

/** Node reads a header's bytes as Latin-1. As text they would be encoded a second time, and UTF-8 would become other characters. */
const inAscii = (location: string): string =>
  location.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);

/** Of names that no public server has: reserved, or used in private networks and clusters. */
const INTERNAL_ENDINGS =
  /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|private|svc|consul|docker|arpa|test|invalid)$/;

/** Whether an address is one that anybody may know: a full domain name, over HTTP. An IP address in a redirect is a server's own. */
function isPublic(target: URL): boolean {
  const { hostname } = target;
  if (!isWeb(target)) return false;
  if (hostname.startsWith('[') || isIP(hostname) !== 0) return false;
  const name = hostname.replace(/\.$/, '');
  return name.includes('.') && !INTERNAL_ENDINGS.test(name);
}

const isWeb = ({ protocol }: URL): boolean => protocol === 'https:' || protocol === 'http:';
