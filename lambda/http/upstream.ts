import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { headers } from '../contract/headers.ts';
import { limits } from '../contract/limits.ts';
import { type Result, refusal, success } from '../core/result.ts';
import { isOurCookie, withoutOurCookies } from './cookies.ts';
import { trimBlanks } from './request.ts';

/** Hop-by-hop headers (RFC 9110 §7.6.1) and what the connection sets by itself. */
const OF_THE_CONNECTION = [
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
];
/** Our credentials, of which the upstream has no use, and the identity, which only we may state. */
const OURS = Object.values(headers).map((name) => name.toLowerCase());
const NOT_FORWARDED: ReadonlySet<string> = new Set([...OF_THE_CONNECTION, ...OURS]);

/**
 * The URL that a call is forwarded to. Each segment is decoded once, checked, and encoded anew, so that gateway, gate and upstream read the
 * same path whether or not it was decoded on the way here; what an upstream could read as another path is refused.
 */
export function upstreamUrl(base: string, event: APIGatewayProxyEvent): Result<URL, 'invalid_path'> {
  const segments: string[] = [];
  for (const segment of (event.pathParameters?.proxy ?? '').split('/')) {
    const decoded = decodeSegment(segment);
    if (decoded === undefined || decoded === '.' || decoded === '..' || hasSeparator(decoded))
      return refusal('invalid_path');
    segments.push(encodeURIComponent(decoded));
  }
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${segments.join('/')}`;
  for (const [name, values] of Object.entries(event.multiValueQueryStringParameters ?? {})) {
    for (const value of values ?? []) url.searchParams.append(name, value);
  }
  return success(url);
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const hasSeparator = (text: string): boolean => /[\u0000-\u001f\u007f\\/]/.test(text);

/** What a call is forwarded with. */
export interface Forwarded {
  /** The verified identity, by header name. */
  readonly identity: Readonly<Record<string, string>>;
  /** Names, in lower case, of headers that are credentials on this route. */
  readonly dropped?: readonly string[];
}

/**
 * The client's headers, each name once, with the verified identity in place of anything it claimed itself, `_` spellings included.
 * The length of a body is always stated: without it Node frames the body of a GET or DELETE not at all, and the upstream would read it as
 * the next request on the connection, which other callers share.
 */
export function upstreamHeaders(
  event: APIGatewayProxyEvent,
  { identity, dropped = [] }: Forwarded,
  body: Buffer | undefined,
): Record<string, string | string[]> {
  const forwarded = new Map<string, string[]>();
  const sent = Object.entries(event.multiValueHeaders ?? {}).map(
    ([name, values]) => [name.toLowerCase(), values ?? []] as const,
  );
  const nominated = new Set(
    sent.filter(([name]) => name === 'connection').flatMap(([, values]) => values.flatMap(listed)),
  );
  for (const [name, values] of sent) {
    if (NOT_FORWARDED.has(name.replaceAll('_', '-')) || nominated.has(name) || dropped.includes(name)) continue;
    const kept = name === 'cookie' ? values.map(withoutOurCookies).filter((value) => value !== '') : values;
    if (kept.length > 0) forwarded.set(name, [...(forwarded.get(name) ?? []), ...kept]);
  }
  return {
    ...Object.fromEntries(forwarded),
    ...(body !== undefined && { 'content-length': String(body.length) }),
    ...identity,
    [headers.requestId]: event.requestContext.requestId,
  };
}

const listed = (value: string): string[] => value.split(',').map((name) => trimBlanks(name).toLowerCase());

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
  // What Lambda bounds is the JSON around it, in which quotes and line breaks take two bytes.
  if (Buffer.byteLength(JSON.stringify(text)) > limits.maxUpstreamBodyBytes) return refusal('too_large');
  return success({
    statusCode: message.statusCode ?? 502,
    multiValueHeaders: answerHeaders(message, origin),
    body: text,
  });
}

function answerHeaders(message: IncomingMessage, origin: string | undefined): Record<string, string[]> {
  const kept: Record<string, string[]> = {};
  for (const [name, values = []] of Object.entries(message.headersDistinct)) {
    if (NOT_FORWARDED.has(name) || name.startsWith('access-control-')) continue;
    kept[name] = name === 'set-cookie' ? values.filter((value) => !isOurCookie(value)) : values;
  }
  kept['access-control-allow-origin'] = [origin ?? '*'];
  kept['access-control-expose-headers'] = ['*'];
  kept.vary = [...(kept.vary ?? []), 'Origin'];
  return kept;
}
