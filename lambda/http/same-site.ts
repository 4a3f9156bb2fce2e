import type { APIGatewayProxyEvent } from 'aws-lambda';
import { headerValues, type MultiValueHeaders } from './request.ts';

const READS = ['GET', 'HEAD'];

/**
 * Whether a call of the admin API may do something: a change needs a header that no form can send and that no other origin gets a preflight
 * for, and an Origin, if there is one, must be that of the very host it came to. A browser states both truly.
 */
export function isSameSite({ httpMethod, multiValueHeaders }: APIGatewayProxyEvent): boolean {
  if (READS.includes(httpMethod)) return true;
  const headers = multiValueHeaders as MultiValueHeaders;
  const origins = headerValues(headers, 'origin');
  const hosts = headerValues(headers, 'host');
  if (headerValues(headers, 'x-requested-with').length === 0 || hosts.length !== 1) return false;
  const own = isLoopback(hosts[0] as string) ? `http://${hosts[0]}` : `https://${hosts[0]}`;
  return origins.length === 0 || (origins.length === 1 && origins[0] === own);
}

const isLoopback = (host: string): boolean => /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/.test(host);
