import { randomInt } from 'node:crypto';

/** All that AWS documents of these ids is upper-case letters and digits, so readers must expect each of those. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** A fresh IAM id: AIDA… a user, AGPA… a group, AROA… a role (21 characters), AKIA… and ASIA… access keys (20). */
export function randomId(prefix: 'AIDA' | 'AGPA' | 'AROA' | 'AKIA' | 'ASIA', length: number): string {
  const rest = Array.from({ length: length - prefix.length }, () => ALPHABET[randomInt(ALPHABET.length)]);
  return prefix + rest.join('');
}
