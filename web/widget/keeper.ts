import { type Failed, failed } from './failure.ts';
import type { Credential } from './send.ts';
import { bearer, beginSession, fetchToken } from './session.ts';
import { isJwe, isTempToken, type Settings } from './settings.ts';

/** Holds the credential of one or more widgets. No other module stores the text of a token. */
export interface Keeper {
  /** The credential to call with; requests one from the token URL if there is none. Throws `Failed`. */
  current(): Promise<Credential>;
  /** A replacement for `spent`, which the gate no longer accepts; all concurrent callers get the same. Throws `Failed`. */
  renew(spent: Credential): Promise<Credential>;
  /** The gate accepted `used`, and its response may contain the renewed session. */
  accept(used: Credential, sessionToken: string | null): void;
  /** Restarts with this token, or with one from the token URL; all concurrent callers get the same. */
  restart(token?: string): void;
  readonly canRenew: boolean;
  onRenewed(listener: () => void): () => void;
}

/** Pause after the token URL failed, or returned a token that the gate refused; it doubles up to a minute. */
const FIRST_PAUSE_MILLISECONDS = 1_000;

const LONGEST_PAUSE_MILLISECONDS = 60_000;

function createKeeper(settings: Settings): Keeper {
  const { tokenUrl, devKey, stated, auth, apiUrl } = settings;
  const listeners = new Set<() => void>();
  let text = settings.token;
  let credential: Promise<Credential> | undefined;
  /** The result for `credential`. */
  let held: Credential | undefined;
  /** Whether the gate no longer accepts `text`. */
  let refused = false;
  /** Number of restarts: work from before a restart must change nothing after it. */
  let restarts = 0;
  /** Whether the latest restart has no result yet. */
  let fresh = false;
  let [pause, quietSince] = [0, 0];
  /** The reason for the pause. */
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
        // If the browser is offline, the token URL is not at fault.
        pause =
          outcome.code === 'offline' ? 0 : Math.min(pause * 2 || FIRST_PAUSE_MILLISECONDS, LONGEST_PAUSE_MILLISECONDS);
      }
    }
  };

  const first = async (): Promise<Credential> => {
    if (devKey) return { headers: { 'X-API-Key': devKey, ...stated } };
    if (text && !refused) {
      // A temp token works once, within a minute: a cached page has a used or expired one.
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

  /** After a failure, the next call tries again. */
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
      // A second caller waits for the result of the first.
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

/** The keeper of a widget. All widgets of a page with the same token source share one, and one refresh. */
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
