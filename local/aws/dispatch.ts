import { randomUUID } from 'node:crypto';
import { AwsError } from './errors.ts';
import { jsonProtocol } from './json-protocol.ts';
import type { Members } from './members.ts';
import type { AwsService, Protocol, WireAnswer } from './service.ts';
import { type CredentialScope, readAuthorization, type SignatureVerifier, type WireRequest } from './sigv4.ts';

/** What a fault injector decides over one call: let it pass, or answer it with this error. */
export type Fault = (
  service: string,
  operation: string,
  /** The names of the tables that it is about. */
  tables: readonly string[],
) => Promise<'pass' | { readonly error: string; readonly status: number }>;

export interface DispatchOptions {
  readonly services: ReadonlyMap<string, AwsService>;
  readonly verifier: SignatureVerifier;
  readonly region: string;
  readonly fault: Fault | undefined;
}

/** Global services are signed for this region wherever the deployment is. */
const GLOBAL_REGION = 'us-east-1';
const GLOBAL_SERVICES = ['iam', 'sts'];
const healthy: WireAnswer = { status: 200, headers: {}, body: 'healthy: dynamodb.local' };
const fallbackProtocol = jsonProtocol('1.0', '');

/** Answers one request: finds the service by the credential's scope, verifies the signature, then lets the service decide. Never throws. */
export async function dispatch(options: DispatchOptions, request: WireRequest): Promise<WireAnswer> {
  // DynamoDB reports its health to every caller; functions open their connection with it.
  if (request.method === 'GET' && request.target === '/' && request.headers.authorization === undefined) return healthy;
  let protocol: Protocol = fallbackProtocol;
  const requestId = { 'x-amzn-RequestId': randomUUID() };
  try {
    const authorization = readAuthorization(request.headers);
    const service = options.services.get(authorization.service);
    if (service === undefined)
      throw new AwsError(
        'UnknownOperationException',
        `The service ${authorization.service} is not implemented by the local host.`,
      );
    protocol = service.protocol;
    checkRegion(options, authorization);
    const principal = options.verifier.verify(request, authorization);
    const call = protocol.read(request);
    await injectFault(options, authorization.service, call.operation, tablesOf(call.input));
    const answer = protocol.writeAnswer(call, await service.handle({ ...call, principal }), request);
    return { ...answer, headers: { ...answer.headers, ...requestId } };
  } catch (error) {
    const answer = protocol.writeError(asAwsError(error), request);
    return { ...answer, headers: { ...answer.headers, ...requestId } };
  }
}

function checkRegion({ region }: DispatchOptions, scope: CredentialScope): void {
  if (scope.region === region || (GLOBAL_SERVICES.includes(scope.service) && scope.region === GLOBAL_REGION)) return;
  throw new AwsError(
    'InvalidSignatureException',
    `Credential should be scoped to a valid region, not '${scope.region}'.`,
  );
}

function tablesOf({ TableName, RequestItems }: Members): string[] {
  if (typeof TableName === 'string') return [TableName];
  return typeof RequestItems === 'object' && RequestItems !== null ? Object.keys(RequestItems) : [];
}

async function injectFault(
  { fault }: DispatchOptions,
  service: string,
  operation: string,
  tables: readonly string[],
): Promise<void> {
  const verdict = (await fault?.(service, operation, tables)) ?? 'pass';
  if (verdict !== 'pass') throw new AwsError(verdict.error, 'Injected by the local host.', verdict.status);
}

/** A fault of the host itself is shown to the operator; the caller only gets that one occurred. */
function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  console.error('local AWS stand-in:', error);
  return new AwsError('InternalFailure', 'The local host failed; see its log.', 500);
}
