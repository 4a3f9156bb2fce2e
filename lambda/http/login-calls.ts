import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import * as v from 'valibot';
import { limits } from '../contract/limits.ts';
import type { IdentityRequest } from '../core/login-challenge.ts';
import { type Result, refusal, success } from '../core/result.ts';
import { parseStrictJsonObject } from '../core/strict-json.ts';
import { adminAnswer } from './admin-answers.ts';
import { sayWrongMember } from './body-members.ts';

export const asksForChallenge = ({ resource }: APIGatewayProxyEvent): boolean => resource.endsWith('/challenge');

/** A challenge with the request to sign, member by member: nothing else of it is the client's to know. */
export function challengeAnswer(
  { challenge, request }: { readonly challenge: string; readonly request: IdentityRequest },
  requestId: string,
): APIGatewayProxyResult {
  const { region, host, amzDate, headers, body } = request;
  const expiresIn = limits.loginChallengeSeconds;
  return adminAnswer(200, { challenge, region, host, amzDate, headers, body, expiresIn }, requestId);
}

const text = v.pipe(v.string(), v.maxLength(2_048));
const proof = v.strictObject({ challenge: text, userName: text, accessKeyId: text, signature: text });
/** A code of any length: what can be none is refused as one that is not known. */
const link = v.strictObject({ code: v.string() });

/** What a login is asked for with: the proof of an access key, or the code of a link. */
export type LoginRequest = v.InferOutput<typeof proof> | v.InferOutput<typeof link>;

export function readLogin({
  body,
  resource,
}: APIGatewayProxyEvent): Result<LoginRequest, 'invalid_json' | 'invalid_request'> {
  const json = parseStrictJsonObject(body ?? '');
  if (!json.ok) return refusal('invalid_json');
  const schema = resource.endsWith('/link') ? link : proof;
  const parsed = v.safeParse(schema, json.value);
  if (parsed.success) return success(parsed.output);
  const members = Object.keys(schema.entries);
  const forms = Object.fromEntries(members.map((name) => [name, 'a text of at most 2048 characters']));
  return refusal('invalid_request', sayWrongMember(parsed.issues[0], forms));
}
