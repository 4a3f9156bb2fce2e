import { limits } from '../contract/limits.ts';
import type { KeyUseStore } from '../ports.ts';

/** Notes when service keys are used, once an hour and container, so that administrators see which ones nobody needs. */
export class KeyUse {
  readonly #store: Pick<KeyUseStore, 'note'>;
  readonly #onFailure: (error: unknown) => void;
  readonly #noted = new Map<string, number>();

  /** A note that fails is told to `onFailure`, and fails no call. */
  constructor(store: Pick<KeyUseStore, 'note'>, onFailure: (error: unknown) => void) {
    this.#store = store;
    this.#onFailure = onFailure;
  }

  /** Only for a key that proved valid: there are few of those, so the memory of them is bounded. */
  async note(keyId: string, nowSeconds: number): Promise<void> {
    const usedAt = nowSeconds - (nowSeconds % limits.keyUseGrainSeconds);
    if (this.#noted.get(keyId) === usedAt) return;
    this.#noted.set(keyId, usedAt);
    await this.#store.note(keyId, usedAt).catch(this.#onFailure);
  }
}
