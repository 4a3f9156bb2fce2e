import type { RingKeeper } from '../services/ring-keeper.ts';
import { type AssertedCall, mintAssertion } from './assertion.ts';
import type { SigningKey, SigningKeys } from './signing-keys.ts';

/** Signs assertions with the newest settled key. */
export class Assertions {
  readonly #ring: RingKeeper<SigningKeys>;
  readonly #issuer: string;

  constructor(ring: RingKeeper<SigningKeys>, issuer: string) {
    this.#ring = ring;
    this.#issuer = issuer;
  }

  /** Throws `DependencyError` when the signing keys were never read and cannot be: then the call must not be forwarded. */
  async sign(call: AssertedCall, nowSeconds: number): Promise<string> {
    const { keys, sealWith } = await this.#ring.keys();
    return mintAssertion(call, keys.get(sealWith) as SigningKey, this.#issuer, nowSeconds);
  }
}
