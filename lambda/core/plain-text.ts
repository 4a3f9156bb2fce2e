/** Control, format, private and unassigned characters, and every space but the common one. */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

/**
 * Reads a name that people give something, for other people: letters of every script, but nothing that hides, reorders or breaks a line.
 * Returns it composed (NFC) and without spaces around it; undefined when it is empty, too long or has another character.
 */
export function readPlainText(text: string, maxChars: number): string | undefined {
  const read = text.trim().normalize('NFC');
  const length = [...read].length;
  return length >= 1 && length <= maxChars && !HIDDEN.test(read) ? read : undefined;
}
