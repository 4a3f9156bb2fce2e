import { type Result, refusal, success } from '../core/result.ts';

const TAG = /^(W\/)?"([\x21\x23-\x7e]*)"$/;
const VERSION = /^[1-9]\d{0,14}$/;

export interface IfMatch {
  /** The versions that the tags name; none of them may be one that a record can have. Absent: any version matches. */
  readonly expectedVersions?: readonly number[];
}

/**
 * Reads If-Match (RFC 9110 §13.1.1): `*`, or one or more entity tags. Tags are compared strongly, so a weak one never matches; if there is
 * no other, the caller hears why.
 */
export function readIfMatch(values: readonly string[]): Result<IfMatch, 'invalid_request' | 'precondition_failed'> {
  const [value, ...others] = values;
  if (value === undefined) return success({});
  if (others.length > 0) return refusal('invalid_request', 'Header If-Match was sent twice; send one header.');
  if (value.trim() === '*') return success({});
  const tags = value.split(',').map((tag) => TAG.exec(tag.trim()));
  if (tags.some((tag) => tag === null))
    return refusal('invalid_request', 'Header If-Match must be *, or the ETag of a response in its double quotes.');
  const strong = tags.filter((tag) => tag?.[1] === undefined).map((tag) => tag?.[2] ?? '');
  if (strong.length === 0)
    return refusal('precondition_failed', 'A weak tag never matches: send the ETag without the W/ before it.');
  return success({ expectedVersions: strong.filter((tag) => VERSION.test(tag)).map(Number) });
}
