import { isIP } from 'node:net';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { headers } from '#contract/headers.ts';
import { headerValues, type MultiValueHeaders, trimBlanks } from './request.ts';

/**
 * The address that a call counts for: an IPv4 address, or the /64 network of an IPv6 address, which is what a provider assigns to one
 * customer. API Gateway knows who connected to it. Behind CloudFront that is CloudFront: then it is the address that CloudFront appended to
 * X-Forwarded-For, the last one before its own. The rest of that header, and the whole header of a call without CloudFront's mark, is
 * written by the caller and ignored.
 */
export function callerAddress({ multiValueHeaders, requestContext }: APIGatewayProxyEvent, edgeMark: string): string {
  const sent = multiValueHeaders as MultiValueHeaders;
  const { sourceIp } = requestContext.identity;
  if (!isFromEdge(sent, edgeMark)) return networkOf(sourceIp);
  const hops = headerValues(sent, 'x-forwarded-for').flatMap((value) => value.split(',').map(trimBlanks));
  // API Gateway appends the address that connected to it.
  if (hops.at(-1) === sourceIp) hops.pop();
  const viewer = hops.at(-1) ?? '';
  return networkOf(isIP(viewer) === 0 ? sourceIp : viewer);
}

/** Whether a call came through the stage's CloudFront. */
export function isFromEdge(sent: MultiValueHeaders, edgeMark: string): boolean {
  const marks = headerValues(sent, headers.edgeMark.toLowerCase());
  return marks.length === 1 && marks[0] === edgeMark;
}

/** The address in the form that is counted. An IPv4 address written as IPv6 counts as the IPv4 address. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const groups = groupsOf(address.replace(/%.*$/, ''));
  const isIpv4 = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isIpv4)
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 255])
      .join('.');
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** The eight groups of an IPv6 address (RFC 4291 §2.2). */
function groupsOf(address: string): number[] {
  const withoutDots = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...parts: string[]) => {
    const [a, b, c, d] = parts.slice(0, 4).map(Number) as [number, number, number, number];
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [before = '', after] = withoutDots.split('::');
  const read = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  if (after === undefined) return read(before);
  const [head, tail] = [read(before), read(after)];
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
}
