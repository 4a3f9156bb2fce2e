/** What steers a terminal, reorders text or shows nothing: control and format characters, line separators, lone surrogates, fillers. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** A text from elsewhere for one line of a terminal: every unsafe character, line breaks included, becomes an escape such as `\u001b`. */
export const visible = (text: string): string => text.replace(UNSAFE, escapeOf);

/** The same for several lines, whose line breaks are our own. */
export const visibleLines = (text: string): string => text.split('\n').map(visible).join('\n');

/** JSON of the same value, with unsafe characters as the escapes that JSON has for them. */
export const visibleJson = (value: object): string => visible(JSON.stringify(value));

const escapeOf = (character: string): string =>
  Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
