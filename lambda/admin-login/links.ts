import { DEPLOYMENT_SUBJECT } from '#contract/audit.ts';
import { limits } from '#contract/limits.ts';
import { fileOrKeep, type KeptEntries } from '../audit/kept-entries.ts';
import { type AuditRecording, entryOf } from '../audit/recording.ts';
import { success } from '../crypto/result.ts';
import { digestOf, isSecretId, newSecretId } from '../crypto/secret-id.ts';
import { found, type Stored } from '../platform/stored.ts';
import type { AdminMembers } from './members.ts';
import { isOver, type ProvenUser, type SessionStore } from './session.ts';
import { type FailedProof, failedProof } from './trail.ts';

/**
 * A one-time login link for the console: the user who opens it is logged in as the administrator who created it. Times are Unix seconds.
 */
export interface LoginLink {
  /** SHA-256 of the id of the session that created it, in hex. That session has the identity; the link is useless without it. */
  readonly askedBy: string;
  readonly expiresAt: number;
}

/** Whether a link has expired. */
const isExpired = ({ expiresAt }: LoginLink, nowSeconds: number): boolean => nowSeconds >= expiresAt;

/** Login links. Each method throws `DependencyError` when the store fails. */
export interface LoginLinkStore {
  /** Stores a link by its code's SHA-256. */
  create(hash: string, link: LoginLink): Promise<void>;
  read(hash: string): Promise<Stored<LoginLink>>;
}

/** Separates the digest of a used code from that of any other one-time value or session. */
const USED_LINK = 'login-link';

export interface LinkLogin {
  readonly links: Pick<LoginLinkStore, 'read'>;
  readonly sessions: SessionStore;
  readonly members: AdminMembers;
}

/** Creates a one-time link for the session of the request, after its entry in the trail. Throws `DependencyError`. */
export async function createLoginLink(
  askedBy: string,
  { links, kept }: { readonly links: Pick<LoginLinkStore, 'create'>; readonly kept: KeptEntries },
  recording: AuditRecording,
): Promise<{ readonly code: string; readonly expiresIn: number }> {
  const expiresIn = limits.loginLinkSeconds;
  const expiresAt = Math.floor(recording.nowMilliseconds / 1_000) + expiresIn;
  const entry = entryOf(DEPLOYMENT_SUBJECT, undefined, { expiresAt }, recording);
  await fileOrKeep(entry, { trail: recording.trail, kept }, recording.onDelay);
  const code = newSecretId();
  await links.create(digestOf(code), { askedBy, expiresAt });
  return { code, expiresIn };
}

/**
 * The administrator of a link's code. The code works once, even if several requests use it at the same time, and only while the session
 * that created it is active. Throws `DependencyError` when the store or IAM fails.
 */
export async function openLoginLink(
  code: string,
  { links, sessions, members }: LinkLogin,
  nowMilliseconds: number,
): Promise<{ readonly ok: true; readonly value: ProvenUser } | FailedProof> {
  const nowSeconds = Math.floor(nowMilliseconds / 1_000);
  if (!isSecretId(code)) return failedProof('link_malformed');
  const link = found(await links.read(digestOf(code)));
  if (link === undefined) return failedProof('link_unknown');
  if (isExpired(link, nowSeconds)) return failedProof('link_expired');
  const asking = found(await sessions.read(link.askedBy));
  if (asking === undefined || isOver(asking, nowSeconds)) return failedProof('link_session_over');
  const { arn, userId, userName, createdAt } = asking;
  const isMember = await members.isMember(userId, nowMilliseconds);
  // After the request to IAM, so that an outage there does not use up the link.
  if (!(await useUp(code, link, sessions))) return failedProof('link_used');
  return success({ user: { arn, userId, userName }, isMember, createdAt, kind: 'link' });
}

const useUp = (code: string, { expiresAt }: LoginLink, sessions: SessionStore): Promise<boolean> =>
  sessions.useOnce(digestOf(`${USED_LINK}/${code}`), expiresAt + limits.loginLinkSeconds);
