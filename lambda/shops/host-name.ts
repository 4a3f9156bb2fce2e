import { type Result, refusal, success } from '../crypto/result.ts';

const [BASE, T_MIN, T_MAX, SKEW, DAMP, FIRST_BIAS, FIRST_CODE_POINT] = [36, 1, 26, 38, 700, 72, 128];
const DIGITS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const LAST_CODE_POINT = 0x10_ffff;

/** Decodes the part of a lower-case label after `xn--` (RFC 3492 §6.2); undefined when it is not Punycode. */
export function decodePunycode(encoded: string): string | undefined {
  const delimiter = encoded.lastIndexOf('-');
  const output = delimiter > 0 ? [...encoded.slice(0, delimiter)].map((letter) => letter.charCodeAt(0)) : [];
  let [codePoint, index, bias] = [FIRST_CODE_POINT, 0, FIRST_BIAS];
  let at = delimiter > 0 ? delimiter + 1 : 0;
  while (at < encoded.length) {
    const before = index;
    for (let weight = 1, k = BASE; ; k += BASE) {
      const digit = DIGITS.indexOf(encoded.charAt(at));
      if (at >= encoded.length || digit < 0) return undefined;
      at += 1;
      index += digit * weight;
      const threshold = Math.min(Math.max(k - bias, T_MIN), T_MAX);
      if (digit < threshold) break;
      weight *= BASE - threshold;
    }
    const length = output.length + 1;
    bias = adapt(index - before, length, before === 0);
    codePoint += Math.floor(index / length);
    index %= length;
    if (codePoint > LAST_CODE_POINT) return undefined;
    output.splice(index, 0, codePoint);
    index += 1;
  }
  return String.fromCodePoint(...output);
}

function adapt(delta: number, length: number, isFirst: boolean): number {
  let rest = Math.floor(isFirst ? delta / DAMP : delta / 2);
  rest += Math.floor(rest / length);
  let k = 0;
  for (; rest > ((BASE - T_MIN) * T_MAX) / 2; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}

const MAX_HOST_CHARS = 253;
const HOST = /^(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*$/;
const ASCII = /^[\x21-\x7e]*$/;

/** The characters of a typed label; every other character has a special meaning to some parser. */
const TYPED = /^[\p{L}\p{M}\p{N}._-]+$/u;

const IPV4 = /^\d+\.\d+\.\d+\.\d+$/;

/**
 * Parses a typed host name as browsers do and returns it in lower-case ASCII. It accepts another spelling only for letter case and for
 * international names (IDN to Punycode, UTS #46). It refuses whatever a browser would read as another name, and IP addresses.
 */
export function readHostName(typed: string): Result<string, 'malformed_host' | 'ip_literal' | 'too_long'> {
  const lower = lowerCase(typed);
  if (lower === undefined || !TYPED.test(lower)) return refusal('malformed_host');
  const parsed = URL.parse(`https://${lower}`)?.hostname;
  if (parsed === undefined) return refusal('malformed_host');
  // Numbers and hexadecimal numbers are addresses, too.
  if (IPV4.test(parsed)) return refusal('ip_literal');
  if (parsed.length > MAX_HOST_CHARS) return refusal('too_long');
  return HOST.test(parsed) && isSameName(lower, parsed) ? success(parsed) : refusal('malformed_host');
}

/** Letter by letter, so that no letter depends on its neighbors; undefined where one would become an ASCII letter. */
function lowerCase(text: string): string | undefined {
  const lower = (letter: string): string => letter.normalize('NFC').toLowerCase();
  const isDisguised = [...text].some((letter) => !ASCII.test(letter) && /[\x21-\x7e]/.test(lower(letter)));
  return isDisguised ? undefined : [...text.normalize('NFC')].map(lower).join('');
}

function isSameName(typed: string, ascii: string): boolean {
  const [typedLabels, asciiLabels] = [typed.split('.'), ascii.split('.')];
  return (
    typedLabels.length === asciiLabels.length &&
    typedLabels.every((label, at) => {
      const stored = asciiLabels[at] as string;
      const name = stored.startsWith('xn--') ? decodePunycode(stored.slice(4)) : stored;
      // Node passes invalid Punycode through.
      if (name === undefined || /\p{C}/u.test(name)) return false;
      return ASCII.test(label) ? label === stored : name === label && isOfOneScript(label);
    })
  );
}

const EAST_ASIAN = ['Hiragana}\\p{sc=Katakana', 'Hangul', 'Bopomofo'].map(
  (script) => `[\\p{sc=Latin}\\p{sc=Han}\\p{sc=${script}}]`,
);

const ALONE =
  'Arabic Armenian Bengali Cyrillic Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Hebrew Kannada Khmer Lao Latin Malayalam Myanmar Oriya Sinhala Tamil Telugu Thaana Thai Tibetan'
    .split(' ')
    .map((script) => `\\p{sc=${script}}`);

/** Scripts that may meet in one label: UTS #39 §5.2, "highly restrictive". */
const ONE_SCRIPT = new RegExp(`^(?:${[...ALONE, ...EAST_ASIAN].map((letters) => `${letters}+`).join('|')})$`, 'u');

/** Cyrillic letters that look like Latin ones: a label of nothing else is read as another name. */
const LOOKS_LATIN = /^[асԁеһіјӏорԗԛѕԝхуъьҽпгѵѡ]+$/u;

/** Whether a label is unambiguous as it looks. An ambiguous one can be specified in Punycode, if it is intended. */
function isOfOneScript(label: string): boolean {
  const letters = label.replace(/[\p{sc=Common}\p{sc=Inherited}]/gu, '');
  return ONE_SCRIPT.test(letters) && !LOOKS_LATIN.test(letters);
}
