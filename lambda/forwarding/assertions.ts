import { limits } from '../contract/limits.ts';
import { settledKeys } from '../core/ring-keys.ts';
import type { RingKeeper } from '../services/ring-keeper.ts';
import { type AssertedCall, mintAssertion } from './assertion.ts';
import type { SigningKey, SigningKeys } from './signing-keys.ts';

/** Signs assertions with the newest key that every cache of the public keys has. */
export class Assertions {
  readonly #ring: RingKeeper<SigningKeys>;
  readonly #issuer: string;

  constructor(ring: RingKeeper<SigningKeys>, issuer: string) {
    this.#ring = ring;
    this.#issuer = issuer;
  }

  /** Throws `DependencyError` when the signing keys were never read and cannot be: then the call must not be forwarded. */
  async sign(call: AssertedCall, nowSeconds: number): Promise<string> {
    const settled = settledKeys(await this.#ring.keys(), limits.signingKeySettledSeconds, nowSeconds);
    return mintAssertion(call, settled.keys.get(settled.sealWith) as SigningKey, this.#issuer, nowSeconds);
  }
}
