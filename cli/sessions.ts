import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { limits } from '#contract/limits.ts';
import { refused } from './failure.ts';

/** An active login. */
export interface Session {
  /** Name and value, as sent. */
  readonly cookie: string;
  readonly userName: string;
  /** Unix seconds. */
  readonly createdAt: number;
}

/** The session at a gate, if there is one. */
export const findSession = (baseUrl: string): Session | undefined => readSessions().get(baseUrl);

/**
 * Stores the session at a gate, or removes it. Sessions past their longest lifetime are removed, too. Throws
 * `CliFailure`.
 */
export function keepSession(baseUrl: string, session: Session | undefined, nowSeconds: number): void {
  const sessions = new Map([...readSessions()].filter(([, { createdAt }]) => isLive(createdAt, nowSeconds)));
  if (session === undefined) sessions.delete(baseUrl);
  else sessions.set(baseUrl, session);
  try {
    replace(sessionFile(), JSON.stringify(Object.fromEntries(sessions)));
  } catch (error) {
    throw refused('session_not_kept', `The session cannot be kept in ${sessionFile()}: ${(error as Error).message}.`);
  }
}

const isLive = (createdAt: number, nowSeconds: number): boolean => nowSeconds < createdAt + limits.adminSessionSeconds;

const sessionFile = (): string =>
  process.env.WIDGET_GATE_SESSION_FILE ||
  join(process.env.XDG_CONFIG_HOME || join(process.env.HOME || homedir(), '.config'), 'widget-gate', 'sessions.json');

/**
 * Undefined when the file is missing or damaged, or when others can read it: then its sessions may be known to anyone.
 */
function readSessions(): ReadonlyMap<string, Session> {
  try {
    const file = sessionFile();
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) return new Map();
    return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, Session>).filter(isWhole));
  } catch {
    return new Map();
  }
}

const isWhole = ([, session]: [string, Partial<Session> | null]): boolean =>
  /^[\w-]+=[\w-]+$/.test(session?.cookie ?? '') && typeof session?.createdAt === 'number';

/** A reader finds the complete old or new text, and only the owner can read either. */
function replace(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
