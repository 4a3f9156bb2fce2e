import { failed } from './failure.ts';
import { beginSession, type Credential } from './session.ts';
import { isJwe, isTempToken, type Settings } from './settings.ts';
import { fetchToken } from './token-url.ts';

/** Keeps the credential of one or more widgets. The text of a token is in here and nowhere else. */
export interface Keeper {
  /** The credential to call with; asks the token URL when there is none yet. Throws `Failed`. */
  current(): Promise<Credential>;
  /** Another one than `spent`, which the gate took no longer; all that ask meanwhile get the same. Throws `Failed`. */
  renew(spent: Credential): Promise<Credential>;
  /** A session that the gate made anew in answer to `used`. */
  adopt(used: Credential, sessionToken: string): void;
  /** Begins again: with this token, or with what the token URL gives. */
  restart(token?: string): void;
  canRenew(): boolean;
  onRenewed(listener: () => void): () => void;
}

/** How long the token URL is left alone after it failed: doubles up to a minute. */
const FIRST_PAUSE_MILLISECONDS = 1_000;
const LONGEST_PAUSE_MILLISECONDS = 60_000;

export function createKeeper(settings: Settings): Keeper {
  const { tokenUrl, devKey, stated, auth, apiUrl } = settings;
  const listeners = new Set<() => void>();
  let text = settings.token;
  let credential: Promise<Credential> | undefined;
  /** Whether the gate takes `text` no longer. */
  let refused = false;
  let [pause, quietSince, stopped] = [0, 0, false];

  const credentialFrom = async (token: string): Promise<Credential> => {
    if (isTempToken(token))
      return beginSession({
        apiUrl,
        auth,
        tempToken: token,
        another: tokenUrl ? () => fetchToken(tokenUrl) : undefined,
      });
    if (auth === 'cookie') throw failed('invalid_options', ': auth');
    return isJwe(token) ? bearer(token) : { headers: { 'X-Widget-Token': token } };
  };

  const fromTokenUrl = async (url: string): Promise<Credential> => {
    if (stopped) throw failed('signed_out');
    // A clock that was set back must not keep the widget waiting.
    const waited = Date.now() - quietSince;
    if (waited >= 0 && waited < pause) throw failed('token_url_failed');
    try {
      const token = await fetchToken(url);
      if (token === text) throw failed('token_url_stale');
      const made = await credentialFrom(token);
      text = token;
      [pause, refused] = [0, false];
      for (const listener of listeners) listener();
      return made;
    } catch (error) {
      stopped = (error as { code?: string }).code === 'signed_out';
      pause = Math.min(pause * 2 || FIRST_PAUSE_MILLISECONDS, LONGEST_PAUSE_MILLISECONDS);
      quietSince = Date.now();
      throw error;
    }
  };

  const first = async (): Promise<Credential> => {
    if (devKey) return { headers: { 'X-API-Key': devKey, ...stated } };
    if (text !== undefined && !refused) return credentialFrom(text);
    return fromTokenUrl(tokenUrl as string);
  };

  /** What failed is tried anew by the next call. */
  const keep = (made: Promise<Credential>): Promise<Credential> => {
    credential = made;
    made.catch(() => {
      if (credential === made) credential = undefined;
    });
    return made;
  };

  return {
    current: () => credential ?? keep(first()),
    async renew(spent) {
      const asked = credential;
      const now = await asked?.catch(() => spent);
      if (now !== undefined && now !== spent) return now;
      // Whoever comes second waits for what the first began.
      if (asked !== undefined && asked === credential) {
        refused = true;
        keep(first());
      }
      return credential ?? keep(first());
    },
    adopt(used, sessionToken) {
      void credential?.then((now) => {
        if (now === used) credential = Promise.resolve(bearer(sessionToken));
      });
    },
    restart(token) {
      text = token ?? (tokenUrl ? undefined : text);
      [credential, pause, stopped, refused] = [undefined, 0, false, false];
    },
    canRenew: () => tokenUrl !== undefined,
    onRenewed(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const bearer = (token: string): Credential => ({ headers: { Authorization: `Bearer ${token}` } });
