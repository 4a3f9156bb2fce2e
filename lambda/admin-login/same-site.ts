import type { APIGatewayProxyEvent } from 'aws-lambda';
import { headerValues, type MultiValueHeaders } from '../platform/request.ts';

const READS = ['GET', 'HEAD'];

/**
 * Whether a call of the admin API may change something. A change needs a header that no form can send and for which no other origin gets a
 * preflight. A browser must also show that the page has the very origin that it calls: by `Sec-Fetch-Site` (W3C Fetch Metadata), which no
 * page can set, or by an `Origin` equal to the host. Behind a CDN only the former works, because there the host is the API's own.
 */
export function isSameSite({ httpMethod, multiValueHeaders }: APIGatewayProxyEvent): boolean {
  if (READS.includes(httpMethod)) return true;
  const headers = multiValueHeaders as MultiValueHeaders;
  const sites = headerValues(headers, 'sec-fetch-site');
  if (headerValues(headers, 'x-requested-with').length === 0) return false;
  if (sites.length > 0) return sites.length === 1 && sites[0] === 'same-origin';
  return isOfHost(headers);
}

/** A call without Origin is not from a page of another site. An Origin must be that of the host that received the call. */
function isOfHost(headers: MultiValueHeaders): boolean {
  const origins = headerValues(headers, 'origin');
  const [host = '', ...otherHosts] = headerValues(headers, 'host');
  if (host === '' || otherHosts.length > 0) return false;
  const own = isLoopback(host) ? `http://${host}` : `https://${host}`;
  return origins.length === 0 || (origins.length === 1 && origins[0] === own);
}

const isLoopback = (host: string): boolean => /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/.test(host);
