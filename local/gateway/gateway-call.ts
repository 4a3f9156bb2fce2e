import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RestMethod } from '../model.ts';

const REQUEST_ID_HEADER = 'x-amzn-requestid';

/** The ids of a call. */
interface RequestIds {
  /** `$context.requestId` */
  readonly requestId: string;
  /** The same as functions get it. */
  readonly requestIdInEvents: string;
  /** `$context.extendedRequestId`, which no caller can choose. */
  readonly extendedRequestId: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * A caller may state the request id, as a UUID; API Gateway writes `UUID_REPLACED_INVALID_REQUEST_ID` for another ("Access logging for REST
 * APIs" in its guide). That page speaks of logs alone, so functions get here what was sent: they must not rely on a check that may not be.
 */
function requestIds(headers: Readonly<Record<string, string[]>>): RequestIds {
  const extendedRequestId = `${randomBytes(11).toString('base64url')}=`;
  for (const name in headers) {
    if (name.length !== REQUEST_ID_HEADER.length || name.toLowerCase() !== REQUEST_ID_HEADER) continue;
    const sent = headers[name]?.at(-1) as string;
    const requestId = UUID.test(sent) ? sent : 'UUID_REPLACED_INVALID_REQUEST_ID';
    return { requestId, requestIdInEvents: sent, extendedRequestId };
  }
  const requestId = randomUUID();
  return { requestId, requestIdInEvents: requestId, extendedRequestId };
}

/** One request on its way through the gateway. */
export interface GatewayCall extends RequestIds {
  readonly httpMethod: string;
  /** Path as the client sent it, stage included if it was named. */
  readonly sentPath: string;
  /** Path without the stage, not decoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders: Readonly<Record<string, string[]>>;
  readonly query: Readonly<Record<string, string>> | null;
  readonly multiValueQuery: Readonly<Record<string, string[]>> | null;
  readonly sourceIp: string;
  readonly userAgent: string | null;
  /** Unix milliseconds. */
  readonly receivedAt: number;
}

/** A call whose method is known. */
export interface RoutedCall extends GatewayCall {
  readonly method: RestMethod;
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

export function readCall(request: IncomingMessage, stageName: string, receivedAt: number): GatewayCall {
  const url = request.url ?? '/';
  const questionMark = url.indexOf('?');
  const sentPath = questionMark < 0 ? url : url.slice(0, questionMark);
  const multiValueHeaders = readHeaders(request.rawHeaders);
  const multiValueQuery = questionMark < 0 ? null : readQuery(url.slice(questionMark + 1));
  return {
    ...requestIds(multiValueHeaders),
    httpMethod: request.method ?? 'GET',
    sentPath,
    path: withoutStage(sentPath, stageName),
    headers: lastValues(multiValueHeaders),
    multiValueHeaders,
    query: multiValueQuery && lastValues(multiValueQuery),
    multiValueQuery,
    sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
    userAgent: request.headers['user-agent'] ?? null,
    receivedAt,
  };
}

/** The API answers at `/<stage>/…`, as execute-api does, and at the root, as a custom domain with a base path mapping does. */
function withoutStage(path: string, stageName: string): string {
  const prefix = `/${stageName}`;
  if (path === prefix) return '/';
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
}

/** From the raw pairs: Node's own header object joins repeated headers and drops some. */
function readHeaders(raw: readonly string[]): Record<string, string[]> {
  const headers: Record<string, string[]> = Object.create(null);
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] as string;
    const values = headers[name];
    if (values === undefined) headers[name] = [raw[at + 1] as string];
    else values.push(raw[at + 1] as string);
  }
  return headers;
}

function readQuery(text: string): Record<string, string[]> | null {
  const query: Record<string, string[]> = Object.create(null);
  let empty = true;
  for (const [name, value] of new URLSearchParams(text)) {
    empty = false;
    query[name] = [...(query[name] ?? []), value];
  }
  return empty ? null : query;
}

function lastValues(multi: Readonly<Record<string, string[]>>): Record<string, string> {
  const single: Record<string, string> = Object.create(null);
  for (const name in multi) single[name] = multi[name]?.at(-1) as string;
  return single;
}

/** All values of a header, whatever its case. */
export function headerValues(call: GatewayCall, name: string): string[] {
  const lower = name.toLowerCase();
  const values: string[] = [];
  for (const sent in call.multiValueHeaders) {
    if (sent.length === lower.length && sent.toLowerCase() === lower)
      values.push(...(call.multiValueHeaders[sent] as string[]));
  }
  return values;
}
