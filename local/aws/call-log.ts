export interface RecordedCall {
  /** As in a credential scope: `dynamodb`. */
  readonly service: string;
  /** `dynamodb:GetItem` */
  readonly action: string;
  readonly resource: string;
  readonly principalArn: string;
  readonly allowed: boolean;
  /** Set when a service asked on the caller's behalf: no call of the caller's own. */
  readonly via: string | undefined;
}

export interface CountedCall extends RecordedCall {
  readonly times: number;
}

/** Every decision over an action since the start or the last reset, counted, so that it stays small however long the host runs. */
export class CallLog {
  readonly #calls = new Map<string, { readonly call: RecordedCall; times: number }>();

  add(call: RecordedCall): void {
    const key = `${call.action} ${call.allowed} ${call.via} ${call.principalArn} ${call.resource}`;
    const counted = this.#calls.get(key);
    if (counted === undefined) this.#calls.set(key, { call, times: 1 });
    else counted.times += 1;
  }

  list(): CountedCall[] {
    return [...this.#calls.values()].map(({ call, times }) => ({ ...call, times }));
  }

  /** How many calls have all the given members. */
  count(wanted: Partial<RecordedCall> = {}): number {
    const members = Object.entries(wanted);
    return this.list()
      .filter((call) => members.every(([name, value]) => call[name as keyof RecordedCall] === value))
      .reduce((sum, { times }) => sum + times, 0);
  }

  reset(): void {
    this.#calls.clear();
  }
}
