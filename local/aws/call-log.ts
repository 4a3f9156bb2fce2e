import type { PolicyStatement } from '../model.ts';

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
  readonly #uses = new Map<PolicyStatement, Set<string>>();
  /** How many callers hung up before their answer: a function whose time for an attempt was up. */
  abandoned = 0;

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

  /** Notes the statements that allow a call: only of one that does so alone the call shows that it is needed. */
  addUse([statement, ...others]: readonly PolicyStatement[], action: string, resource: string): void {
    if (statement === undefined || others.length > 0) return;
    const uses = this.#uses.get(statement) ?? new Set();
    this.#uses.set(statement, uses.add(`${action} ${resource}`));
  }

  /** Whether a call of this action on this resource was allowed by this very statement and no other. */
  hasUsed(statement: PolicyStatement, action: string, resource: string): boolean {
    return this.#uses.get(statement)?.has(`${action} ${resource}`) ?? false;
  }

  reset(): void {
    this.#calls.clear();
    this.#uses.clear();
    this.abandoned = 0;
  }
}
