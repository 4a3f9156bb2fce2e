import { type ModelCall, type ModelShop, rightStatus, shopDecidingOn } from './model.ts';
import { Timeline } from './timeline.ts';
import { readToken } from './tokens.ts';

/** A call as its caller saw it; times are the machine's, in milliseconds. */
export interface Observation {
  readonly call: ModelCall;
  /** What kind of call it was, for the report. */
  readonly label: string;
  readonly begunAt: number;
  readonly endedAt: number;
  /** 0: no answer, the connection was cut. */
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
}

export interface Judgement {
  readonly verdict: 'served' | 'refused' | 'unavailable' | 'wrong';
  /** Whether the model allows the call in every state that may have been in force. */
  readonly owed: boolean;
  /** The statuses that would have been right. */
  readonly right: readonly number[];
}

const BOUND_MILLISECONDS = 60_000;
const BOUND_WITHOUT_STORE_MILLISECONDS = 300_000;

/**
 * Knows every shop, every change of one with its beginning and acknowledgement, the functions' clock and when the store was out of reach.
 * An answer must be the right one by a state that may have been in force within the published bound before the call or during it; 503 is
 * never wrong.
 */
export class Oracle {
  readonly #shops = new Map<string, Timeline<ModelShop>>();
  readonly clockOffset = new Timeline(0);
  readonly storeIsOut = new Timeline(false);

  /** A shop that nobody can have asked for before it was made. */
  add(shop: ModelShop): void {
    this.#shops.set(shop.shopId, new Timeline(shop));
  }

  historyOf(shopId: string): Timeline<ModelShop> {
    const history = this.#shops.get(shopId);
    if (history === undefined) throw new Error(`the oracle knows no shop ${shopId}`);
    return history;
  }

  /** Unix seconds of the functions' clock, as last set. */
  nowSeconds(): number {
    return Math.floor((Date.now() + this.clockOffset.current) / 1_000);
  }

  /** Judges when all changes of the call's time are settled. `boundMilliseconds`: 0 asks for the newest state at once. */
  judge(observation: Observation, boundMilliseconds = this.#boundOf(observation)): Judgement {
    const { call, begunAt, endedAt, status } = observation;
    const shopId = shopDecidingOn(call);
    const history = shopId === undefined ? undefined : this.#shops.get(shopId);
    const shops = history?.during(begunAt - boundMilliseconds, endedAt) ?? [undefined];
    const nows = this.#nowsDuring(begunAt, endedAt);
    const right = [...new Set(shops.flatMap((shop) => nows.map((now) => rightStatus(call, shop, now))))];
    const owed = right.every((each) => each === 200);
    if (status === 503) return { verdict: 'unavailable', owed, right };
    const isRight = right.includes(status) && (status !== 200 || this.#bodyIsRight(observation, shops, nows));
    if (!isRight) return { verdict: 'wrong', owed, right };
    return { verdict: status === 200 ? 'served' : 'refused', owed, right };
  }

  #boundOf({ begunAt, endedAt }: Observation): number {
    const outOfReach = this.storeIsOut.during(begunAt - BOUND_MILLISECONDS, endedAt).includes(true);
    return outOfReach ? BOUND_WITHOUT_STORE_MILLISECONDS : BOUND_MILLISECONDS;
  }

  #nowsDuring(from: number, to: number): number[] {
    return this.clockOffset
      .during(from, to)
      .flatMap((offset) => [Math.floor((from + offset) / 1_000), Math.floor((to + offset) / 1_000)]);
  }

  /** A session must be the claimed shop's; an issued token must bear the presented key's MAC and the moment of the call. */
  #bodyIsRight(
    { call, json }: Observation,
    shops: readonly (ModelShop | undefined)[],
    nows: readonly number[],
  ): boolean {
    if (call.kind === 'session') return json.shopId === call.shopId;
    const token = readToken(String(json.token), call.apiKey);
    if (token?.shopId !== call.shopIdInPath) return false;
    // A token issued in the second of a revocation is stamped after it.
    const afterRevocation = shops.some((shop) => token.issuedAt === (shop?.tokensNotBefore ?? 0) + 1);
    return afterRevocation || (token.issuedAt >= Math.min(...nows) && token.issuedAt <= Math.max(...nows));
  }
}
