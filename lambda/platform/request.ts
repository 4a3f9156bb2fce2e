import { randomUUID } from 'node:crypto';

/** Header values by name as API Gateway passes them on: original case, every value. */
export type MultiValueHeaders = Readonly<Record<string, readonly string[] | undefined>> | null;

/** All values of one header, in any case and from any number of lines. `lowerName` is in lower case. */
export function headerValues(headers: MultiValueHeaders, lowerName: string): string[] {
  const values: string[] = [];
  for (const name in headers) {
    // The length first: it excludes nearly every name without creating a string.
    if (name.length === lowerName.length && name.toLowerCase() === lowerName) values.push(...(headers[name] ?? []));
  }
  return values;
}

/**
 * A part of a header without the space around it: spaces and tabs (RFC 9110 §5.6.3, RFC 6265bis §5.6) and nothing else. JavaScript's `trim`
 * also removes a no-break space and twenty other characters. To a browser, those make another name: one that the prefix `__Host-` does not
 * protect.
 */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text, start)) start += 1;
  while (end > start && isBlank(text, end - 1)) end -= 1;
  return text.slice(start, end);
}

const isBlank = (text: string, at: number): boolean => text[at] === ' ' || text[at] === '\t';

/**
 * Whether a browser sent the call: it has `Sec-Fetch-Site` or `Sec-Fetch-Dest` (W3C Fetch Metadata), which browsers send with every request to
 * a trustworthy URL and which scripts can neither set nor remove. A lone `Sec-Fetch-Mode` is a server: Node's fetch and everything else on
 * undici sends it, whatever the `User-Agent`. `Origin` proves nothing: servers may set it, and a browser omits it from same-origin reads.
 */
export function isFromBrowser(headers: MultiValueHeaders): boolean {
  return headerValues(headers, 'sec-fetch-site').length > 0 || headerValues(headers, 'sec-fetch-dest').length > 0;
}

/** The form of a request id: API Gateway's own are UUIDs. */
const REQUEST_ID = /^[A-Za-z0-9-]{1,64}$/;

/**
 * The id of a call in its response, the log and the trail. A caller can choose API Gateway's by the header `x-amzn-RequestId`. AWS
 * documents that it must be a UUID, but describes the handling of other values only for access logs ("Access logging for REST APIs"), so
 * any value that is not short and plain is replaced here.
 */
export const requestIdOf = ({ requestId }: { readonly requestId?: unknown }): string =>
  typeof requestId === 'string' && REQUEST_ID.test(requestId) ? requestId : randomUUID();

/** An event whose request id is a checked one, for everything that reads it. */
export function withCheckedRequestId<Event extends { readonly requestContext: { readonly requestId: string } }>(
  event: Event,
): Event {
  const requestId = requestIdOf(event.requestContext);
  if (requestId === event.requestContext.requestId) return event;
  return { ...event, requestContext: { ...event.requestContext, requestId } };
}
