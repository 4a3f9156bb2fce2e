import { AwsError, invalid } from './errors.ts';

export type Members = Readonly<Record<string, unknown>>;

/** What is asked for but not implemented must be an error, so a member is read only after this check. */
export function checkMembers(input: Members, known: readonly string[], where = 'the request'): void {
  for (const member of Object.keys(input))
    if (!known.includes(member)) throw invalid(`The local host does not implement the member ${member} of ${where}.`);
}

export function textMember(input: Members, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined || value === '') throw invalid(`The member ${name} is required.`);
  return value;
}

export function optionalText(input: Members, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalid(`The member ${name} must be text.`);
  return value;
}

/** A blob, Base64 in JSON. */
export function bytesMember(input: Members, name: string): Buffer {
  const text = textMember(input, name);
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw invalid(`The member ${name} is not Base64.`);
  return bytes;
}

/** A JSON object, as every body of a JSON protocol is. */
export function parseMembers(body: Buffer): Members {
  const value = body.length === 0 ? {} : parseJson(body, 'SerializationException');
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Members;
  throw new AwsError('SerializationException', 'The body is not a JSON object.');
}

export function parseJson(body: Buffer, errorCode: string): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new AwsError(errorCode, 'The body is not JSON.');
  }
}
