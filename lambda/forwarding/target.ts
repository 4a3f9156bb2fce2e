import { type Result, refusal, success } from '../crypto/result.ts';

/** The parts of an event that determine the target. */
export interface SentTarget {
  /** Everything below the route, as it was sent. */
  readonly path: string;
  /** Decoded, as API Gateway passes it on: the order of different names and the spelling are lost. */
  readonly query: Readonly<Record<string, readonly string[] | undefined>> | null;
}

/**
 * Path and query below an upstream's address. The path remains as it was sent, so that sub-delimiters and escapes keep the caller's
 * spelling; a path that an upstream could read differently is refused. In a query a space is `%20`, which every server reads the same way.
 */
export function upstreamTarget(basePath: string, { path, query }: SentTarget): Result<string, 'invalid_path'> {
  const segments = path.split('/');
  if (!segments.every(isSafe)) return refusal('invalid_path');
  const pairs = Object.entries(query ?? {}).flatMap(([name, values = []]) =>
    values.map((value) => `${encode(name)}=${encode(value)}`),
  );
  const search = pairs.length === 0 ? '' : `?${pairs.join('&')}`;
  return success(`${basePath.replace(/\/$/, '')}/${segments.map(inRequestLine).join('/')}${search}`);
}

/** Whether every server reads a segment as one segment that remains in its place. */
function isSafe(segment: string): boolean {
  const decoded = decodeSegment(segment);
  if (decoded === undefined || hasSeparator(decoded)) return false;
  // Tomcat and others remove the part after a `;` before they resolve dots.
  const [name] = decoded.split(';', 1);
  return name !== '.' && name !== '..';
}

function decodeSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const hasSeparator = (text: string): boolean => /[\u0000-\u001f\u007f-\u009f\u2028\u2029\\/]/.test(text);

/**
 * Escapes characters that may not be in a request line, or would end the path there (RFC 3986 §3.3, WHATWG URL's path state); all other
 * characters remain.
 */
const inRequestLine = (segment: string): string =>
  segment.replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@%|[\]^]/gu, (character) => encodeURIComponent(character));

/** A lone surrogate, which no URL can contain, becomes U+FFFD. */
const encode = (text: string): string => encodeURIComponent(text.toWellFormed());
