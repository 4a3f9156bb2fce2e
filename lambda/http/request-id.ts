import { randomUUID } from 'node:crypto';

/** What a request id may look like: API Gateway's own are UUIDs. */
const REQUEST_ID = /^[A-Za-z0-9-]{1,64}$/;

/**
 * The id of a call, under which it is answered, logged and filed. A caller may choose API Gateway's by the header `x-amzn-RequestId`. AWS
 * documents that it must be a UUID, but what happens to another one only for access logs ("Access logging for REST APIs"), so anything that
 * is not short and plain is replaced here.
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
