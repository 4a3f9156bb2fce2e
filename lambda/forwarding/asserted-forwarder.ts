import { headers } from '../contract/headers.ts';
import { type Forwarder, upstreamForwarder } from '../http/forward.ts';
import { upstreamUrl } from '../http/upstream.ts';
import type { Assertions } from './assertions.ts';

/** Forwards with an assertion of the identity; nothing when the stage has no upstream, and then no key is read. */
export function assertedForwarder(base: string | undefined, makeAssertions: () => Assertions): Forwarder | undefined {
  const forward = upstreamForwarder(base);
  if (base === undefined || forward === undefined) return undefined;
  const assertions = makeAssertions();
  const audience = new URL(base).origin;
  return async (event, forwarded) => {
    const url = upstreamUrl(base, event);
    // Refused by the forwarder, which looks at the same.
    if (!url.ok) return forward(event, forwarded);
    const { identity } = forwarded;
    const { requestId } = event.requestContext;
    const call = { audience, method: event.httpMethod, path: url.value.pathname, requestId, identity };
    const assertion = await assertions.sign(call, Math.floor(Date.now() / 1_000));
    return forward(event, { ...forwarded, identity: { ...identity, [headers.assertion]: assertion } });
  };
}
