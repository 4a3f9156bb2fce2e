import { X509Certificate } from 'node:crypto';
import { type Result, refusal, success } from '../crypto/result.ts';
import { DependencyError } from '../platform/stored.ts';

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

/**
 * The certificates of a text in PEM, one or several, with optional comments between them (RFC 7468 §2). Rejects a text without a
 * certificate, an unreadable certificate, and any other kind of PEM block, such as a private key.
 */
export function parseAuthorities(text: string): Result<readonly string[], 'malformed'> {
  const blocks = [...text.matchAll(BLOCK)].map(([block, label]) => ({ block, label }));
  const marks = text.match(/-----(BEGIN|END) /g) ?? [];
  // A truncated block has only one of the two markers.
  if (blocks.length === 0 || marks.length !== 2 * blocks.length) return refusal('malformed');
  const areCertificates = blocks.every(({ block, label }) => label === 'CERTIFICATE' && isCertificate(block));
  return areCertificates ? success(blocks.map(({ block }) => block)) : refusal('malformed');
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).raw.length > 0;
  } catch {
    return false;
  }
}

/** The certificates of the private authorities cannot be read or are invalid: no upstream is called then. */
export class UpstreamCaError extends Error {
  override readonly name = 'UpstreamCaError';
}

/**
 * Reads the certificates of private authorities once, no matter how many calls wait for them. A failure is not cached: the next call reads
 * again. The returned function throws `UpstreamCaError`.
 */
export function privateAuthorities(readText: () => Promise<string>): () => Promise<readonly string[]> {
  let reading: Promise<readonly string[]> | undefined;
  return () => {
    reading ??= read(readText).catch((error: unknown) => {
      reading = undefined;
      throw error;
    });
    return reading;
  };
}

async function read(readText: () => Promise<string>): Promise<readonly string[]> {
  try {
    const parsed = parseAuthorities(await readText());
    if (parsed.ok) return parsed.value;
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    throw new UpstreamCaError('the certificates of the private authority cannot be read', { cause: error });
  }
  throw new UpstreamCaError('the secret of the private authority has no certificates in PEM');
}
