import type { IncomingMessage } from 'node:http';
import { matchesWildcard } from '../iam/wildcard.ts';

export interface Body {
  readonly text: string | null;
  readonly isBase64Encoded: boolean;
}

const MAX_BODY_BYTES = 10 * 1_024 * 1_024;
/** A larger body is read to its end, so that the client gets to see the refusal; one that never ends is cut off. */
const MAX_DISCARDED_BYTES = 10 * MAX_BODY_BYTES;

/** Reads the body: text, or Base64 when its media type is one of the API's binary ones. */
export async function readBody(
  request: IncomingMessage,
  binaryMediaTypes: readonly string[],
): Promise<Body | 'too_large'> {
  const { 'content-length': length, 'transfer-encoding': encoding, 'content-type': contentType } = request.headers;
  if (encoding === undefined && (length === undefined || length === '0')) return { text: null, isBase64Encoded: false };
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
    if (bytes > MAX_DISCARDED_BYTES) break;
  }
  if (bytes > MAX_BODY_BYTES) return 'too_large';
  if (bytes === 0) return { text: null, isBase64Encoded: false };
  const isBase64Encoded = isBinary(binaryMediaTypes, contentType);
  return { text: Buffer.concat(chunks).toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded };
}

/** Whether the first media type of a Content-Type or Accept header is one of the API's binary ones; `*` in those covers any. */
export function isBinary(binaryMediaTypes: readonly string[], header = ''): boolean {
  if (binaryMediaTypes.length === 0) return false;
  const [mediaType = ''] = header.split(/[,;]/);
  return binaryMediaTypes.some((type) => type === '*/*' || matchesWildcard(type, mediaType.trim().toLowerCase()));
}
