import { timingSafeEqual } from 'node:crypto';
import { type HmacKey, hmacSha256Hex, prepareHmacKey } from '../crypto/hmac.ts';
import { isSecretId, newSecretId } from '../crypto/secret-id.ts';

const ID_CHARS = 43;
/** 48 bits: a guess gets through once in 281,000,000,000,000 times, and then costs a read. */
const CHECK_CHARS = 12;

/**
 * Ids of administrators' sessions: 256 random bits, and a check by a value that only the account knows. The check decides whether an id is worth a look
 * at the store, so a flood of made-up ids costs no read, whatever its address; whether it is anyone's session, only the store decides.
 */
export class SessionIds {
  readonly #key: HmacKey;

  /** By the mark of the stage's CloudFront. Throws for an empty one. */
  constructor(mark: string) {
    if (mark === '') throw new RangeError('the mark must not be empty');
    this.#key = prepareHmacKey(Buffer.from(`session-id/${mark}`));
  }

  make(): string {
    const id = newSecretId();
    return id + this.#checkOf(id);
  }

  /** Whether we can have made it. */
  isOurs(text: string): boolean {
    const id = text.slice(0, ID_CHARS);
    if (text.length !== ID_CHARS + CHECK_CHARS || !isSecretId(id)) return false;
    const check = Buffer.from(text.slice(ID_CHARS));
    return check.length === CHECK_CHARS && timingSafeEqual(check, Buffer.from(this.#checkOf(id)));
  }

  #checkOf(id: string): string {
    return hmacSha256Hex(this.#key, Buffer.from(id)).slice(0, CHECK_CHARS);
  }
}
