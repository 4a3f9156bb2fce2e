import type { WidgetFailure } from './widget.d.ts';

/** For readers, not developers; in the order of `NAMES`. */
const NAMES = [
  'language',
  'search',
  'none',
  'found',
  'loading',
  'again',
  'late',
  'denied',
  'offline',
  'busy',
  'broken',
] as const;

type TextName = (typeof NAMES)[number];
export type Texts = Readonly<Record<TextName, string>>;

/** ASCII only: a page may have another encoding than UTF-8, and scripts without an encoding are read in the page's. */
const LANGUAGES: Readonly<Record<string, string>> = {
  en: 'en|Search|No results|Results: |Loading|Try again|Session expired. Reload or sign in.|Not available on this page.|You are offline.|Not available right now.|Something went wrong.',
  de: 'de|Suche|Keine Treffer|Treffer: |Wird geladen|Erneut versuchen|Sitzung abgelaufen. Neu laden oder anmelden.|Hier nicht erlaubt.|Keine Verbindung.|Nicht erreichbar.|Technischer Fehler.',
};

/** In the language of the locale, otherwise of the browser, otherwise in English. */
export function textsFor(locale: string): Texts {
  const wanted = [locale, ...navigator.languages].map((tag) => tag.slice(0, 2).toLowerCase());
  const language = wanted.find((tag) => LANGUAGES[tag]) ?? 'en';
  const texts = (LANGUAGES[language] as string).split('|');
  return Object.fromEntries(NAMES.map((name, at) => [name, texts[at] as string])) as Texts;
}

/** The text of a failure for readers. */
export function sentenceFor(
  { code, status = 0, retryable }: Pick<WidgetFailure, 'code' | 'status' | 'retryable'>,
  texts: Texts,
): string {
  if (code === 'offline') return texts.offline;
  if (status === 401 || code === 'signed_out' || code === 'token_url_stale') return texts.late;
  if (status === 403) return texts.denied;
  return retryable ? texts.busy : texts.broken;
}
