import type { Members } from './members.ts';
import type { Principal } from './principals.ts';
import type { WireRequest } from './sigv4.ts';

/** One call whose signature has been verified. */
export interface AwsCall {
  readonly operation: string;
  readonly input: Members;
  readonly principal: Principal;
}

/** How a service uses HTTP: where the operation is, and the form of responses and errors. */
export interface Protocol {
  /** Throws `AwsError` when the request is not one of this protocol. */
  read(request: WireRequest): Omit<AwsCall, 'principal'>;
  writeAnswer(call: Omit<AwsCall, 'principal'>, answer: ServiceAnswer, request: WireRequest): WireAnswer;
  writeError(
    error: { readonly code: string; readonly message: string; readonly status: number; readonly details: Members },
    request: WireRequest,
  ): WireAnswer;
}

export interface ServiceAnswer {
  readonly members: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface AwsService {
  readonly protocol: Protocol;
  handle(call: AwsCall): Promise<ServiceAnswer>;
}
