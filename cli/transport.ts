/** What the administration of the gate answers; a refusal has a reason, and the member of the request that is wrong, if one is. */
export type Answer =
  | ({ readonly ok: true } & Readonly<Record<string, unknown>>)
  | { readonly ok: false; readonly reason: string; readonly member?: string };

/** The way to a gate. Each method throws `CliFailure` when the gate is out of reach. */
export interface Transport {
  /** Where shops and widgets call it, without a slash at the end. */
  readonly baseUrl: string;
  administer(request: object): Promise<Answer>;
}

/** What only a gate on this machine has. */
export interface LocalTransport extends Transport {
  faults(): Promise<string>;
  /** Throws `CliFailure` when the specification is wrong. The faults as they are afterwards. */
  setFaults(spec: string): Promise<string>;
  /** Throws `CliFailure` when a step of the rotation fails. */
  rotateRing(): Promise<void>;
}
