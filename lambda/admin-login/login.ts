import { limits } from '#contract/limits.ts';
import { open, type SealedFor, seal } from '../crypto/jwe.ts';
import { success } from '../crypto/result.ts';
import { digestOf, newSecretId } from '../crypto/secret-id.ts';
import { parseStrictJsonObject } from '../crypto/strict-json.ts';
import type { RingKeeper } from '../ring/ring-keeper.ts';
import {
  type IamUser,
  isLongTermAccessKeyId,
  isUserName,
  type OwnAccount,
  readCallerIdentity,
} from './caller-identity.ts';
import {
  type IdentityEndpoint,
  type IdentityRequest,
  type IdentityService,
  identityRequest,
  type LoginChallenge,
} from './challenge.ts';
import { type LinkLogin, openLoginLink } from './links.ts';
import { beginSession, type LoginCall, type NewSession, type NotInGroup, type SessionBeginning } from './session.ts';
import { type FailedProof, failedProof } from './trail.ts';

/** The ring purpose of login challenges. */
export const CHALLENGE_PURPOSE = 'admin-challenge';

export interface AdminLogin extends LinkLogin, SessionBeginning {
  readonly ring: RingKeeper;
  readonly identity: IdentityService;
  readonly endpoint: IdentityEndpoint;
  readonly own: OwnAccount;
  readonly groupName: string;
}

/** The request that a client sends back. It is not trusted until STS confirms it. */
export interface LoginProof {
  readonly challenge: string;
  readonly userName: string;
  readonly accessKeyId: string;
  readonly signature: string;
}

export type LoggedIn = { readonly ok: true; readonly value: NewSession } | FailedProof | NotInGroup;

/** Returns a request to sign. Nothing is stored: the challenge contains its own state, sealed. */
export async function startLogin(
  { ring, endpoint }: AdminLogin,
  nowSeconds: number,
): Promise<{ readonly challenge: string; readonly request: IdentityRequest }> {
  const made: LoginChallenge = { id: newSecretId(), issuedAt: nowSeconds };
  const challenge = seal(JSON.stringify(made), await ring.keys(), sealedFor(endpoint.deployment));
  return { challenge, request: identityRequest(made, endpoint) };
}

/**
 * Logs a System Administrator in. The signed request is rebuilt from our own constants, never taken from the client (CVE-2020-16250). A
 * challenge is used up before STS is called, so that no signature can be tried twice. Throws `DependencyError` when the ring, the store,
 * STS or IAM fails.
 */
export async function login(proof: LoginProof, admin: AdminLogin, call: LoginCall): Promise<LoggedIn> {
  const createdAt = Math.floor(call.nowMilliseconds / 1_000);
  const proven = await proveUser(proof, admin, createdAt);
  if (!proven.ok) return proven;
  const user = proven.value;
  const isMember = await admin.members.isMember(user.userId, call.nowMilliseconds);
  return beginSession({ user, isMember, createdAt }, admin, call);
}

/** Logs a System Administrator in with a one-time link that they created. Throws `DependencyError` when the store or IAM fails. */
export async function loginByLink(
  code: string,
  admin: LinkLogin & SessionBeginning,
  call: LoginCall,
): Promise<LoggedIn> {
  const opened = await openLoginLink(code, admin, call.nowMilliseconds);
  return opened.ok ? beginSession(opened.value, admin, call) : opened;
}

async function proveUser(
  { challenge, userName, accessKeyId, signature }: LoginProof,
  { ring, identity, sessions, endpoint, own }: AdminLogin,
  nowSeconds: number,
): Promise<{ readonly ok: true; readonly value: IamUser } | FailedProof> {
  if (!isUserName(userName) || !isLongTermAccessKeyId(accessKeyId) || !/^[0-9a-f]{64}$/.test(signature))
    return failedProof('proof_malformed');
  const opened = open(challenge, await ring.keys(), sealedFor(endpoint.deployment));
  const made = opened.ok ? readChallenge(opened.value) : undefined;
  if (made === undefined) return failedProof('challenge_malformed');
  if (!isLive(made, nowSeconds)) return failedProof('challenge_expired');
  const usedOnce = await sessions.useOnce(
    digestOf(`${CHALLENGE_PURPOSE}/${made.id}`),
    made.issuedAt + 2 * limits.loginChallengeSeconds,
  );
  if (!usedOnce) return failedProof('challenge_used');
  const answered = await identity.callerIdentity(identityRequest(made, endpoint), accessKeyId, signature);
  if (answered.kind === 'refused') return failedProof('signature_refused');
  const user = readCallerIdentity(answered.answer, own);
  if (!user.ok) return failedProof('not_a_user_of_this_account');
  return user.value.userName === userName ? success(user.value) : failedProof('user_name_differs');
}

const sealedFor = (deployment: string): SealedFor => ({ typ: CHALLENGE_PURPOSE, aud: deployment });

const isLive = ({ issuedAt }: LoginChallenge, nowSeconds: number): boolean =>
  nowSeconds >= issuedAt - 1 && nowSeconds < issuedAt + limits.loginChallengeSeconds;

function readChallenge(text: string): LoginChallenge | undefined {
  const parsed = parseStrictJsonObject(text);
  if (!parsed.ok) return undefined;
  const { id, issuedAt } = parsed.value as Record<string, unknown>;
  return typeof id === 'string' && typeof issuedAt === 'number' ? { id, issuedAt } : undefined;
}
