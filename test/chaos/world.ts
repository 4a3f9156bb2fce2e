import { setTimeout } from 'node:timers/promises';
import { clockOffsetOf, parseFaults } from '#local/faults.ts';
import { after, type Change } from './changes.ts';
import type { AdminAnswer, GateAccess } from './gate-access.ts';
import type { ModelKey, ModelShop } from './model.ts';
import { Oracle, type StoreState } from './oracle.ts';
import type { Random } from './random.ts';
import { keyMadeBy, sameRecord, shopOf } from './shown-shop.ts';

/** Below its 300 ms for each attempt a store is slow, and healthy. */
function storeStateBy(spec: string): StoreState {
  const faults = [...parseFaults(spec)].filter(([service]) => service.startsWith('dynamodb')).map(([, fault]) => fault);
  const isOut = faults.some(
    ({ errorRatio, throttleRatio, hangs, delaysMilliseconds }) =>
      errorRatio === 1 || throttleRatio === 1 || hangs || delaysMilliseconds.some((delay) => delay >= 300),
  );
  if (isOut) return 'out';
  return faults.some(({ errorRatio, throttleRatio }) => errorRatio > 0 || throttleRatio > 0) ? 'failing' : 'healthy';
}

const CONFLICTS = ['version_conflict', 'precondition_failed'];

/** A gate, and the oracle that knows all that was done to it. */
export class World {
  #access: GateAccess;
  readonly random: Random;
  readonly oracle: Oracle;
  readonly shopIds: string[] = [];
  /** Administrative answers that are not what the model says. */
  readonly wrongChanges: string[] = [];

  constructor(access: GateAccess, random: Random, oracle = new Oracle(), shopIds: readonly string[] = []) {
    this.#access = access;
    this.random = random;
    this.oracle = oracle;
    this.shopIds.push(...shopIds);
  }

  get access(): GateAccess {
    return this.#access;
  }

  /** The same shops behind another gate: theirs was started again. What waits for an answer finds it there. */
  reopen(access: GateAccess): void {
    this.#access = access;
  }

  async createShops(count: number): Promise<void> {
    const one = async (index: number): Promise<void> => {
      const url = `https://shop-${index}.example.com`;
      const answer = await this.access.administer({ action: 'create-shop', url, exact: true });
      if (!answer.ok) throw new Error(`no shop was made: ${JSON.stringify(answer)}`);
      const shop = shopOf(answer, [keyMadeBy(answer) as ModelKey]);
      this.oracle.add(shop);
      this.shopIds.push(shop.shopId);
    };
    const indexes = Array.from({ length: count }, (_, index) => index).values();
    const work = async (): Promise<void> => {
      for (const index of indexes) await one(index);
    };
    await Promise.all(Array.from({ length: 4 }, work));
  }

  /** Sets what goes wrong from now on. */
  async setFaults(spec: string): Promise<void> {
    const begunAt = Date.now();
    await this.access.setFaults(spec);
    const offset = clockOffsetOf(parseFaults(spec));
    if (offset !== this.oracle.clockOffset.current) this.oracle.clockOffset.add(offset, begunAt, Date.now());
    const state = storeStateBy(spec);
    if (state !== this.oracle.store.current) this.oracle.store.add(state, begunAt, Date.now());
  }

  /** Makes a change and notes it in the oracle; when no answer comes, what the store then shows counts. One at a time for each shop. */
  async change(change: Change): Promise<boolean> {
    const history = this.oracle.historyOf(change.shopId);
    const [before, begunAt, from] = [history.current, Date.now(), this.oracle.nowSeconds()];
    const answer = await this.access.administer(change).catch(() => undefined);
    const shown = answer?.ok ? answer : await this.#show(change.shopId);
    const made = keyMadeBy(answer);
    const shop = shopOf(shown, [...before.keys, ...(made === undefined ? [] : [made])]);
    history.add(shop, begunAt, Date.now());
    const candidates: (ModelShop | undefined)[] = answer === undefined ? [before] : [];
    const successor = shop.keys.find(({ keyId }) => before.keys.every((key) => key.keyId !== keyId));
    for (let now = from; now <= this.oracle.nowSeconds(); now += 1)
      candidates.push(after(before, change, now, successor) ?? (answer?.ok ? undefined : before));
    // Someone else's version in between is a refusal like any other: nothing was changed.
    if (answer?.ok === false && CONFLICTS.includes(answer.reason ?? '')) candidates.push(before);
    if (!candidates.some((expected) => expected !== undefined && sameRecord(expected, shop)))
      this.wrongChanges.push(`${JSON.stringify(change)} made of ${JSON.stringify(before)} ${JSON.stringify(shop)}`);
    return answer?.ok === true;
  }

  async #show(shopId: string): Promise<AdminAnswer> {
    for (;;) {
      const shown = await this.access.administer({ action: 'show-shop', shopId }).catch(() => undefined);
      if (shown?.ok) return shown;
      await setTimeout(50);
    }
  }
}
