import type { AdminAction } from '../lambda/contract/admin-routes.ts';

/** What the gate answers to a call that it grants. */
export type Answer = Readonly<Record<string, unknown>>;

export interface AdminRequest {
  /** The segments that the route's path names. */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** The version that a change must find. */
  readonly expectedVersion?: number;
}

/** A gate's admin API, here or deployed. */
export interface AdminGate {
  /** Where shops and widgets call it, without a slash at the end. Throws `CliFailure` when no gate is named and none runs here. */
  readonly baseUrl: string;
  /** Throws `CliFailure` when the gate refuses, is out of reach, or nobody is logged in. */
  ask(action: AdminAction, request?: AdminRequest): Promise<Answer>;
}

/** What only a gate on this machine has. Each method throws `CliFailure` when it is out of reach or refuses. */
export interface LocalGate {
  readonly baseUrl: string;
  /** The stage of cdk.json that it runs. */
  readonly stage: string;
  faults(): Promise<string>;
  /** The faults as they are afterwards. */
  setFaults(spec: string): Promise<string>;
  rotateRing(): Promise<void>;
  dropOldRingKeys(): Promise<void>;
  rotateSigningKeys(): Promise<void>;
  dropOldSigningKeys(): Promise<void>;
  /** One action on the local gate's own IAM. */
  iam(request: object): Promise<Answer>;
}
