import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import * as v from 'valibot';
import { limits } from '#contract/limits.ts';
import { type Result, refusal, success } from '../crypto/result.ts';
import { parseStrictJsonObject } from '../crypto/strict-json.ts';
import { sayWrongMember } from '../platform/body-members.ts';
import { log } from '../platform/log.ts';
import { refuse } from '../platform/responses.ts';
import { adminAnswer } from './answers.ts';
import type { IdentityRequest } from './challenge.ts';

export const asksForChallenge = ({ resource }: APIGatewayProxyEvent): boolean => resource.endsWith('/challenge');

/** A challenge and its request to sign, member by member, so that no other member of it reaches the client. */
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

/** A code of any length: an impossible code gets the same refusal as an unknown one. */
const link = v.strictObject({ code: v.string() });

/** The body of a login: the proof of an access key, or the code of a link. */
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

type LoginRefusal =
  | { readonly reason: 'login_failed' }
  | { readonly reason: 'not_in_admin_group'; readonly user: { readonly userName: string; readonly arn: string } };

/**
 * One refusal for everything that failed to be proven. A proven user who is not a member gets the command that adds
 * them to the group.
 */
export function refuseLogin(refusal: LoginRefusal, addMember: string, requestId: string): APIGatewayProxyResult {
  log('warn', {
    event: 'login_refused',
    requestId,
    action: refusal.reason,
    ...(refusal.reason === 'not_in_admin_group' && { actor: refusal.user.arn }),
  });
  if (refusal.reason === 'login_failed') return refuse('login_failed', requestId);
  return refuse('not_in_admin_group', requestId, `Run: ${addMember} ${refusal.user.userName}`);
}
