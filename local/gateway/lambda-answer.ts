import { isBinary } from './body.ts';
import { type GatewayCall, headerValues } from './gateway-call.ts';
import type { Answer } from './gateway-responses.ts';

type Scalar = string | number | boolean;

interface LambdaAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, Scalar>> | null;
  readonly multiValueHeaders?: Readonly<Record<string, readonly Scalar[]>> | null;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  /** Of a streaming function only. */
  readonly cookies?: readonly string[];
}

/** The gateway's own to say: API Gateway hands a function's on under another name, and drops those of the connection. */
const REMAPPED = new Set(['connection', 'content-length', 'date', 'server', 'www-authenticate']);
const DROPPED = new Set(['transfer-encoding', 'trailer', 'upgrade', 'keep-alive', 'te']);

/** What a proxy integration's function answered, as the client gets it; nothing when it has no known shape. */
export function readLambdaAnswer(
  payload: unknown,
  call: GatewayCall,
  binaryMediaTypes: readonly string[],
): Answer | undefined {
  if (!isLambdaAnswer(payload)) return undefined;
  const { statusCode, body, isBase64Encoded } = payload;
  const headers = headersOf(payload);
  if (!headers.some(([name]) => name.toLowerCase() === 'content-type'))
    headers.push(['Content-Type', 'application/json']);
  // Base64 stays text unless the client's first Accept names a binary type of this API.
  const decode = isBase64Encoded === true && isBinary(binaryMediaTypes, headerValues(call, 'accept')[0]);
  return { status: statusCode, headers, body: decode ? Buffer.from(body ?? '', 'base64') : (body ?? '') };
}

/** What a streaming function put before the bytes of its response ("Lambda proxy integration format for response streaming"). */
export function readStreamHead(metadata: unknown): Pick<Answer, 'status' | 'headers'> | undefined {
  if (!isLambdaAnswer(metadata)) return undefined;
  const { statusCode: status, cookies } = metadata;
  const headers = headersOf(metadata);
  for (const cookie of cookies ?? []) headers.push(['Set-Cookie', cookie]);
  return { status, headers };
}

/** A name in both maps counts with its multiple values only. */
function headersOf({ headers, multiValueHeaders }: LambdaAnswer): [string, string][] {
  const all: [string, string][] = [];
  const multiple = Object.entries(multiValueHeaders ?? {});
  const named = new Set(multiple.map(([name]) => name.toLowerCase()));
  for (const [name, value] of Object.entries(headers ?? {}))
    if (!named.has(name.toLowerCase())) addHeader(all, name, [value]);
  for (const [name, values] of multiple) addHeader(all, name, values);
  return all;
}

function addHeader(all: [string, string][], name: string, values: readonly Scalar[]): void {
  const lower = name.toLowerCase();
  if (DROPPED.has(lower)) return;
  const shown = REMAPPED.has(lower) ? `x-amzn-Remapped-${name}` : name;
  for (const value of values) all.push([shown, String(value)]);
}

function isLambdaAnswer(payload: unknown): payload is LambdaAnswer {
  if (!isObject(payload)) return false;
  const { statusCode, headers, multiValueHeaders, body, cookies = [] } = payload;
  return (
    Number.isInteger(statusCode) &&
    (body === undefined || body === null || typeof body === 'string') &&
    Array.isArray(cookies) &&
    cookies.every((cookie) => typeof cookie === 'string') &&
    Object.values(mapOf(headers)).every(isScalar) &&
    Object.values(mapOf(multiValueHeaders)).every((values) => Array.isArray(values) && values.every(isScalar))
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** A value that is not a map becomes one that no check accepts. */
const mapOf = (value: unknown): Record<string, unknown> =>
  value === undefined || value === null ? {} : isObject(value) ? value : { notAMap: undefined };
const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);
