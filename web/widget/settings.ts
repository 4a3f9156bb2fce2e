import { webAddress } from './dom.ts';
import { failed } from './failure.ts';
import type { WidgetOptions } from './widget.d.ts';

/** Options, parsed and complete. */
export interface Settings {
  readonly token: string | undefined;
  readonly tokenUrl: string | undefined;
  readonly apiUrl: string;
  readonly theme: string;
  readonly locale: string;
  readonly auth: string;
  readonly debug: boolean;
  readonly view: 'search' | 'dashboard';
  readonly devKey: string | undefined;
  /** The identity that the dev key calls for. */
  readonly stated: Readonly<Record<string, string>>;
}

export type Stated = Readonly<Record<string, string | undefined>>;

/** All other documented spellings, except those that differ only in case and underscores. */
const SAME_AS: Readonly<Record<string, string>> = {
  qvtoken: 'token',
  widgettoken: 'token',
  domain: 'apiurl',
  lang: 'locale',
};

const CHOICES: Readonly<Record<string, RegExp>> = {
  theme: /^(auto|light|dark|)$/,
  auth: /^(auto|header|cookie|)$/,
  view: /^(search|dashboard|)$/,
};

/**
 * Security tokens and sessions are JWE in five parts; a temp token is 256 bits in Base64url; a widget token is longer.
 */
export const isJwe = (token: string): boolean => token.split('.').length === 5;
export const isTempToken = (token: string): boolean => /^[\w-]{43}$/.test(token);

/** Completes the options of a page. Throws `invalid_options` and `token_missing`. */
export function readSettings(read: Stated, ownAddress: string): Settings {
  for (const name in CHOICES)
    if (CHOICES[name]?.test(read[name] ?? '') === false) throw failed('invalid_options', `: ${name}`);
  const { token, tokenurl, apikey, userid, appid, clientid, debug } = read;
  if (!(token || tokenurl || apikey)) throw failed('token_missing');
  const isAnalytics = read.qvtoken || apikey || (token && (isJwe(token) || isTempToken(token)));
  return {
    token,
    tokenUrl: tokenurl && address(tokenurl),
    apiUrl: address(read.apiurl ?? ownAddress).replace(/\/+$/, ''),
    theme: read.theme ?? 'auto',
    locale: read.locale ?? document.documentElement.lang,
    auth: read.auth ?? 'auto',
    debug: (debug ?? 'false') !== 'false',
    view: (read.view ?? (isAnalytics ? 'dashboard' : 'search')) as Settings['view'],
    devKey: token || tokenurl ? undefined : apikey,
    stated: {
      ...(userid && { 'X-User-Id': userid }),
      ...(appid && { 'X-App-Id': appid }),
      ...(clientid && { 'X-Client-Id': clientid }),
    },
  };
}

/** The options of a page, each by one name, in any spelling. Throws `invalid_options` for two that contradict. */
export function readOptions(options: WidgetOptions): Stated {
  const read: Record<string, string> = {};
  for (const [key, given] of Object.entries(options)) {
    const spelled = key.toLowerCase().replaceAll('_', '');
    const name = SAME_AS[spelled] ?? spelled;
    // An attribute without a value counts as set.
    const value = spelled === 'debug' && given === '' ? 'true' : String(given ?? '');
    if (value === '') continue;
    if ((read[name] ?? value) !== value) throw failed('invalid_options', `: ${key}`);
    read[spelled] = read[name] = value;
  }
  return read;
}

function address(text: string | undefined): string {
  const href = webAddress(text);
  if (href) return href;
  throw failed('invalid_options', `: ${text}`);
}
