import { parseAuthorities } from '../core/certificate-authorities.ts';
import { DependencyError } from '../ports.ts';

/** The private authorities can't be read, or are not what they should be: no upstream is called then. */
export class UpstreamCaError extends Error {
  override readonly name = 'UpstreamCaError';
}

/**
 * Reads the certificates of private authorities once, however many calls wait for them. A failure is not kept: the next call reads again. The
 * function that it makes throws `UpstreamCaError`.
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
    throw new UpstreamCaError('the certificates of the private authority can not be read', { cause: error });
  }
  throw new UpstreamCaError('the secret of the private authority has no certificates in PEM');
}
