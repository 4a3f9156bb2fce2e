interface Entry<Value> {
  readonly value: Value;
  /** When the change to this value was begun: from then on it may be in force. */
  readonly begunAt: number;
  /** When it was acknowledged: from then on it is in force and the one before is not. */
  readonly settledAt: number;
}

/** The values that something had, in their order. Between the beginning and the acknowledgement of a change both values are possible. */
export class Timeline<Value> {
  readonly #entries: Entry<Value>[];

  constructor(first: Value) {
    this.#entries = [{ value: first, begunAt: Number.NEGATIVE_INFINITY, settledAt: Number.NEGATIVE_INFINITY }];
  }

  add(value: Value, begunAt: number, settledAt: number): void {
    this.#entries.push({ value, begunAt, settledAt });
  }

  get current(): Value {
    return (this.#entries.at(-1) as Entry<Value>).value;
  }

  /** Forgets all but the last value, which was always in force then: for changes that nobody can have seen the time before. */
  forgetPast(): void {
    const { value } = this.#entries.at(-1) as Entry<Value>;
    this.#entries.splice(0, this.#entries.length, { value, begunAt: -Infinity, settledAt: -Infinity });
  }

  /** Every value that may have been in force at some moment of an interval. */
  during(from: number, to: number): Value[] {
    return this.#entries
      .filter(
        ({ begunAt }, at) => begunAt <= to && (this.#entries[at + 1]?.settledAt ?? Number.POSITIVE_INFINITY) >= from,
      )
      .map(({ value }) => value);
  }
}
