const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]'];
/** Two labels or more. */
const HOST = /^(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))+$/;

/**
 * Why an entry of `allowedOrigins` is not valid, or undefined. Loopback entries may leave the port open:
 * `http://localhost:*`.
 */
export function originProblem(entry: string, production: boolean): string | undefined {
  const pattern = entry.startsWith('https://*.');
  const text = pattern ? entry.replace('https://*.', 'https://') : entry.replace(/:\*$/, ':1');
  if (!URL.canParse(text)) return 'is not an origin such as https://shop.example.com';
  const url = new URL(text);
  if (url.origin !== text) return `is not written as browsers write an origin (${url.origin})`;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'is not https';
  const loopback = LOOPBACK_HOSTS.includes(url.hostname) || url.hostname.endsWith('.localhost');
  if (loopback && production) return 'is a loopback origin, which production refuses';
  if (loopback) return pattern ? 'is a pattern over loopback names' : undefined;
  if (entry.endsWith(':*')) return 'leaves the port open, which is allowed only for loopback origins';
  if (url.protocol !== 'https:') return 'is not https';
  const named = url.hostname.length <= 253 && HOST.test(url.hostname) && !/^[0-9.]+$/.test(url.hostname);
  return named ? undefined : 'is an IP address, a single label or a malformed host';
}

const mayBePlain = ({ protocol, hostname }: URL, production: boolean): boolean =>
  protocol === 'http:' && LOOPBACK_HOSTS.includes(hostname) && !production;

/** Why `upstreamUrl` is not valid, or undefined. */
export function upstreamProblem(text: string, production: boolean): string | undefined {
  if (!URL.canParse(text)) return 'must be a URL, such as https://search.example.com';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '')
    return 'must not have a user name or a password; let the upstream check X-Gate-Assertion instead';
  if (/[?#]/.test(text)) return 'must not have a query or a fragment';
  if (url.protocol === 'https:' || mayBePlain(url, production))
    return url.href === text || url.href === `${text}/` ? undefined : `must be written as ${url.href}`;
  return 'must begin with https://; outside production, http:// is accepted for localhost, 127.0.0.1 and [::1]';
}
