import { isIP } from 'node:net';

/** Between which addresses a redirect is translated. */
export interface Redirection {
  /** The upstream's address, as the stage has it. */
  readonly base: URL;
  /** The URL that was called. */
  readonly called: URL;
  /** The host, with its port, that the upstream received in `X-Forwarded-Host`. */
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
  const target = URL.canParse(location, called.href) ? new URL(location, called.href) : undefined;
  if (target === undefined || target.username !== '' || target.password !== '') return undefined;
  const { pathname, search, hash } = target;
  if (target.origin === base.origin) {
    const basePath = base.pathname.replace(/\/$/, '');
    if (pathname !== basePath && !pathname.startsWith(`${basePath}/`)) return undefined;
    return `${prefix}${pathname.slice(basePath.length) || '/'}${search}${hash}`;
  }
  if (isWeb(target) && target.host === host && pathname.startsWith(`${prefix}/`)) return `${pathname}${search}${hash}`;
  return isPublic(target) ? target.href : undefined;
}

const INTERNAL_ENDINGS = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|private|arpa|test|invalid)\.?$/;

/** Whether an address is one that anybody may know: a full domain name, over HTTP. An IP address in a redirect is a server's own. */
function isPublic(target: URL): boolean {
  const { hostname } = target;
  if (!isWeb(target)) return false;
  if (hostname.startsWith('[') || isIP(hostname) !== 0) return false;
  return hostname.includes('.') && !INTERNAL_ENDINGS.test(hostname);
}

const isWeb = ({ protocol }: URL): boolean => protocol === 'https:' || protocol === 'http:';
