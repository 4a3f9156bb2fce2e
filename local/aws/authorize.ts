import { evaluateAccess } from '../iam/evaluate.ts';
import type { PolicyDocument } from '../model.ts';
import type { CallLog } from './call-log.ts';
import { AwsError } from './errors.ts';
import type { Principal } from './principals.ts';

export interface Access {
  readonly principal: Principal;
  /** `dynamodb:GetItem` */
  readonly action: string;
  readonly resource: string;
  readonly resourcePolicy?: PolicyDocument | undefined;
  /** The service that asks on the caller's behalf. */
  readonly via?: string;
  /** Condition keys of the service itself. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** Decides over every action as the deployed policies do, and records the decision. */
export class Authorizer {
  readonly #accountId: string;
  readonly #region: string;
  readonly #log: CallLog;

  constructor(accountId: string, region: string, log: CallLog) {
    this.#accountId = accountId;
    this.#region = region;
    this.#log = log;
  }

  /** Throws AccessDeniedException in AWS's words unless the policies allow it. */
  demand(access: Access): void {
    const { principal, action, resource, resourcePolicy, via } = access;
    const decision = evaluateAccess(
      { identity: principal.policies, resource: resourcePolicy, resourceMustAgree: action.startsWith('kms:') },
      {
        principalArns: principal.policyArns,
        accountId: this.#accountId,
        action,
        resource,
        context: this.#context(access),
      },
    );
    this.record(access, decision.allowed, via);
    this.#log.addUse(decision.allowedBy, action, resource);
    if (decision.allowed) return;
    throw new AwsError(
      'AccessDeniedException',
      `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource} ${decision.reason}`,
    );
  }

  /** For the few actions that need no permission. */
  record({ principal, action, resource }: Access, allowed: boolean, via?: string): void {
    const [service = ''] = action.split(':');
    this.#log.add({ service, action, resource, principalArn: principal.arn, allowed, via });
  }

  #context({ principal, via, context = {} }: Access): ReadonlyMap<string, readonly string[]> {
    const values: Record<string, string | readonly string[]> = {
      'aws:PrincipalArn': principal.principalArn,
      'aws:PrincipalAccount': this.#accountId,
      'aws:RequestedRegion': this.#region,
      // The loopback replaces TLS, without which AWS's endpoints are not used.
      'aws:SecureTransport': 'true',
      'aws:ViaAWSService': String(via !== undefined),
      ...(via !== undefined && { 'kms:ViaService': via }),
      'kms:CallerAccount': this.#accountId,
      ...(principal.functionArn !== undefined && { 'lambda:SourceFunctionArn': principal.functionArn }),
      ...context,
    };
    return new Map(Object.entries(values).map(([key, value]) => [key.toLowerCase(), [value].flat()]));
  }
}
