import { type Failed, failed } from './failure.ts';
import type { Credential } from './send.ts';
import { bearer, beginSession, fetchToken } from './session.ts';
import { isJwe, isTempToken, type Settings } from './settings.ts';

/** Keeps the credential of one or more widgets. The text of a token is in here and nowhere else. */
export interface Keeper {
  /** The credential to call with; asks the token URL when there is none yet. Throws `Failed`. */
  current(): Promise<Credential>;
  /** Another one than `spent`, which the gate took no longer; all that ask meanwhile get the same. Throws `Failed`. */
  renew(spent: Credential): Promise<Credential>;
  /** The gate took `used`, and may have made the session anew in its answer. */
  accept(used: Credential, sessionToken: string | null): void;
  /** Begins again: with this token, or with what the token URL gives; many that ask for that at a time get the same. */
  restart(token?: string): void;
  readonly canRenew: boolean;
  onRenewed(listener: () => void): () => void;
}

/** How long the token URL is left alone after it failed, or gave what the gate refused: doubles up to a minute. */
const FIRST_PAUSE_MILLISECONDS = 1_000;

const LONGEST_PAUSE_MILLISECONDS = 60_000;

function createKeeper(settings: Settings): Keeper {
  const { tokenUrl, devKey, stated, auth, apiUrl } = settings;
  const listeners = new Set<() => void>();
  let text = settings.token;
  let credential: Promise<Credential> | undefined;
  /** What came of `credential`. */
  let held: Credential | undefined;
  /** Whether the gate takes `text` no longer. */
  let refused = false;
  /** Restarts so far: what was begun before one must change nothing after it. */
  let restarts = 0;
  /** Whether nothing has come yet of the latest restart. */
  let fresh = false;
  let [pause, quietSince] = [0, 0];
  /** Why the token URL is left alone. */
  let problem: Failed | undefined;

  const credentialFrom = async (token: string): Promise<Credential> => {
    if (isTempToken(token)) return beginSession(apiUrl, auth, token, tokenUrl);
    if (auth === 'cookie') throw failed('invalid_options', ': auth');
    return isJwe(token) ? bearer(token) : { headers: { 'X-Widget-Token': token } };
  };

  const fromTokenUrl = async (url: string): Promise<Credential> => {
    const begun = restarts;
    // A clock that was set back must not keep the widget waiting.
    const waited = Date.now() - quietSince;
    if (problem?.code === 'signed_out' || (waited >= 0 && waited < pause)) throw problem;
    let outcome = failed('token_url_stale');
    try {
      const token = await fetchToken(url);
      if (refused && token === text) throw outcome;
      const made = await credentialFrom(token);
      if (begun === restarts) [text, refused] = [token, false];
      for (const listener of listeners) listener();
      return made;
    } catch (error) {
      outcome = error as Failed;
      throw error;
    } finally {
      if (begun === restarts) {
        problem = outcome;
        quietSince = Date.now();
        // Being offline is no fault of the token URL.
        pause =
          outcome.code === 'offline' ? 0 : Math.min(pause * 2 || FIRST_PAUSE_MILLISECONDS, LONGEST_PAUSE_MILLISECONDS);
      }
    }
  };

  const first = async (): Promise<Credential> => {
    if (devKey) return { headers: { 'X-API-Key': devKey, ...stated } };
    if (text && !refused) {
      // A temp token is good for one exchange, and none the minute after it was made: a page that was kept has a spent one.
      const spends = !!tokenUrl && isTempToken(text);
      refused = spends;
      try {
        return await credentialFrom(text);
      } catch (error) {
        if (!spends || (error as Failed).status !== 401) throw error;
      }
    }
    return fromTokenUrl(tokenUrl as string);
  };

  /** What failed is tried anew by the next call. */
  const keep = (made: Promise<Credential>): Promise<Credential> => {
    [credential, held] = [made, undefined];
    const settle = (now?: Credential): void => {
      if (credential === made) [credential, held, fresh] = [now && made, now, false];
    };
    made.then(settle, () => settle());
    return made;
  };

  return {
    current: () => credential ?? keep(first()),
    async renew(spent) {
      // Whoever comes second waits for what the first began.
      if (held === spent) {
        refused = true;
        return keep(first());
      }
      return credential ?? keep(first());
    },
    accept(used, sessionToken) {
      if (used !== held) return;
      pause = 0;
      if (sessionToken) keep(Promise.resolve(bearer(sessionToken)));
    },
    restart(token) {
      if (!token && (!tokenUrl || fresh)) return;
      restarts += 1;
      [text, fresh] = [token, !token];
      [credential, held, problem, pause, refused] = [undefined, undefined, undefined, 0, false];
    },
    canRenew: !!tokenUrl,
    onRenewed(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const kept = new Map<string, { readonly keeper: Keeper; users: number; token: string | undefined }>();

/** The keeper of a widget: all widgets of a page that get their token from the same place have one, and so one refresh. */
export function takeKeeper(settings: Settings): { readonly keeper: Keeper; release(): void } {
  const { apiUrl, auth, tokenUrl, token, devKey, stated } = settings;
  const key = JSON.stringify([apiUrl, auth, tokenUrl ?? token ?? [devKey, stated]]);
  const entry = kept.get(key) ?? { keeper: createKeeper(settings), users: 0, token };
  kept.set(key, entry);
  entry.users += 1;
  if (token && token !== entry.token) {
    entry.token = token;
    entry.keeper.restart(token);
  }
  return {
    keeper: entry.keeper,
    release() {
      entry.users -= 1;
      if (entry.users === 0) kept.delete(key);
    },
  };
}
