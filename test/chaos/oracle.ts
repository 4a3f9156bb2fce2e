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

/** How the table service is: each store call answers within its time-out; some fail; none answers. */
export type StoreState = 'healthy' | 'failing' | 'out';

/** Contract §4.3: how old the state may be that lets a call pass, by the worst state of the store in the last of them. */
const BOUND_MILLISECONDS: Readonly<Record<StoreState, number>> = { healthy: 10_000, failing: 60_000, out: 300_000 };

/**
 * Knows every shop, every change of one with its beginning and acknowledgement, the functions' clock and when the store was out of reach.
 * A 200 must be right by a state that may have been in force within the published bound before the call or during it, a refusal by one of the
 * last ten seconds however the store is; 503 is never wrong.
 */
export class Oracle {
  readonly #shops = new Map<string, Timeline<ModelShop>>();
  readonly clockOffset = new Timeline(0);
  readonly store = new Timeline<StoreState>('healthy');

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
  judge(observation: Observation, boundMilliseconds?: number): Judgement {
    const { call, begunAt, endedAt, status } = observation;
    const shopId = shopDecidingOn(call);
    const history = shopId === undefined ? undefined : this.#shops.get(shopId);
    const nows = this.#nowsDuring(begunAt, endedAt);
    const within = (bound: number) => history?.during(begunAt - bound, endedAt) ?? [undefined];
    const statusesOf = (shops: readonly (ModelShop | undefined)[]): number[] =>
      shops.flatMap((shop) => nows.map((now) => rightStatus(call, shop, now)));
    const shops = within(boundMilliseconds ?? this.#boundOf(observation));
    const all = statusesOf(shops);
    const refusals = statusesOf(within(boundMilliseconds ?? BOUND_MILLISECONDS.healthy)).filter((each) => each !== 200);
    const right = [...new Set([...all.filter((each) => each === 200), ...refusals])];
    const owed = all.every((each) => each === 200);
    if (status === 503) return { verdict: 'unavailable', owed, right };
    const isRight = right.includes(status) && (status !== 200 || this.#bodyIsRight(observation, shops, nows));
    if (!isRight) return { verdict: 'wrong', owed, right };
    return { verdict: status === 200 ? 'served' : 'refused', owed, right };
  }

  #boundOf({ begunAt, endedAt }: Observation): number {
    const states = this.store.during(begunAt - BOUND_MILLISECONDS.healthy, endedAt);
    return Math.max(...states.map((state) => BOUND_MILLISECONDS[state]));
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
