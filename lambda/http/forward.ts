import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { limits } from '../contract/limits.ts';
import { errorNames, log } from './log.ts';
import { headerValues, type MultiValueHeaders } from './request.ts';
import { refuse } from './responses.ts';
import { answerOfUpstream, type Forwarded, upstreamHeaders, upstreamUrl } from './upstream.ts';

export type Forwarder = (event: APIGatewayProxyEvent, forwarded: Forwarded) => Promise<APIGatewayProxyResult>;

/**
 * Forwards to the stage's upstream; nothing when it has none. A function rather than API Gateway's HTTP proxy integration, because that one
 * can't add the CORS headers without which the browser hides the answer from the page.
 */
export function upstreamForwarder(base: string | undefined): Forwarder | undefined {
  if (base === undefined) return undefined;
  const send = base.startsWith('https:')
    ? sender(httpsRequest, new HttpsAgent({ keepAlive: true }))
    : sender(httpRequest, new HttpAgent({ keepAlive: true }));
  return async (event, forwarded) => {
    const { requestId } = event.requestContext;
    const url = upstreamUrl(base, event);
    if (!url.ok) return refuse(url.reason, requestId);
    // API Gateway has already put U+FFFD for each byte that is no text; to go on would be to store something else than was sent.
    if (event.body?.includes('\ufffd')) return refuse('unsupported_media_type', requestId);
    const body = event.body === null ? undefined : Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8');
    try {
      const message = await send(
        url.value,
        { method: event.httpMethod, headers: upstreamHeaders(event, forwarded, body) },
        body,
      );
      const origin = headerValues(event.multiValueHeaders as MultiValueHeaders, 'origin')[0];
      const answered = await answerOfUpstream(message, origin);
      return answered.ok ? answered.value : refuse('upstream_failed', requestId);
    } catch (error) {
      log('error', { event: 'request_failed', requestId, ...errorNames(error) });
      return refuse('upstream_failed', requestId);
    }
  };
}

type Send = (url: URL, options: RequestOptions, body: Buffer | undefined) => Promise<IncomingMessage>;

const sender =
  (request: typeof httpRequest | typeof httpsRequest, agent: HttpAgent): Send =>
  (url, options, body) =>
    new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(limits.upstreamTimeoutMilliseconds);
      request(url, { ...options, agent, signal }, resolve)
        .on('error', reject)
        .end(body);
    });
