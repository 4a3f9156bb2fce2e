import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { WidgetAuthorizerContext } from '../contract/context.ts';
import { headers } from '../contract/headers.ts';
import { limits } from '../contract/limits.ts';
import { type Result, refusal, success } from '../core/result.ts';

/** Hop-by-hop headers (RFC 9110 §7.6.1), what the connection sets by itself, and the credential, which the upstream has no use for. */
const NOT_FORWARDED = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'content-length',
  'expect',
  'accept-encoding',
  'x-widget-token',
  'x-shop-id',
  'x-token-issued-at',
  'x-request-id',
]); // prettier-ignore

/** The URL that a call is forwarded to; refuses paths that an upstream could read as another one. */
export function upstreamUrl(base: string, event: APIGatewayProxyEvent): Result<URL, 'invalid_path'> {
  const segments = (event.pathParameters?.proxy ?? '').split('/');
  if (segments.some((segment) => segment === '.' || segment === '..' || hasControlCharacter(segment)))
    return refusal('invalid_path');
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${segments.map(encodeURIComponent).join('/')}`;
  for (const [name, values] of Object.entries(event.multiValueQueryStringParameters ?? {})) {
    for (const value of values ?? []) url.searchParams.append(name, value);
  }
  return success(url);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const hasControlCharacter = (text: string): boolean => /[\u0000-\u001f\u007f\\]/.test(text);

/** The client's headers with the verified identity in place of anything it claimed itself, `_` spellings included. */
export function upstreamHeaders(
  event: APIGatewayProxyEvent,
  identity: WidgetAuthorizerContext,
): Record<string, string | string[]> {
  const forwarded: Record<string, string | string[]> = {};
  for (const [name, values] of Object.entries(event.multiValueHeaders ?? {})) {
    if (!NOT_FORWARDED.has(name.toLowerCase().replaceAll('_', '-')) && values !== undefined) forwarded[name] = values;
  }
  forwarded[headers.shopId] = identity.shopId;
  forwarded[headers.tokenIssuedAt] = String(identity.issuedAt);
  forwarded[headers.requestId] = event.requestContext.requestId;
  return forwarded;
}

/** The upstream's answer as ours: its own CORS headers give way to those that keep it readable at the page the authorizer allowed. */
export async function answerOfUpstream(
  message: IncomingMessage,
  origin: string | undefined,
): Promise<Result<APIGatewayProxyResult, 'too_large' | 'not_text'>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limits.maxUpstreamBodyBytes) return refusal('too_large');
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  const text = body.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(body)) return refusal('not_text');
  return success({
    statusCode: message.statusCode ?? 502,
    multiValueHeaders: answerHeaders(message, origin),
    body: text,
  });
}

function answerHeaders(message: IncomingMessage, origin: string | undefined): Record<string, string[]> {
  const kept: Record<string, string[]> = {};
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    if (!NOT_FORWARDED.has(name) && !name.startsWith('access-control-') && values !== undefined) kept[name] = values;
  }
  kept['access-control-allow-origin'] = [origin ?? '*'];
  kept['access-control-expose-headers'] = ['*'];
  kept.vary = [...(kept.vary ?? []), 'Origin'];
  return kept;
}
