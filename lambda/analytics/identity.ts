import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { AnalyticsAuthorizerContext, AnalyticsCredentialKind, RefusedIdsContext } from '#contract/context.ts';
import { headers } from '#contract/headers.ts';

const KINDS: readonly string[] = [
  'security-token',
  'session',
  'analytics-key',
  'dev-key',
] satisfies AnalyticsCredentialKind[];

/** A decision that allows a call, with the claims as they were in the token. */
interface Identity extends Omit<AnalyticsAuthorizerContext, 'claims'> {
  readonly claims?: Readonly<Record<string, unknown>>;
}

/**
 * The part of a decision that is passed to the functions behind the authorizer. Claims are passed as Base64url, since a
 * context contains only plain texts.
 */
export function analyticsContextOf(identity: Identity): AnalyticsAuthorizerContext {
  const { kind, keyId, userId, appId, clientId, orgId, expiresAt, claims, renewed, renewedAs } = identity;
  const hasClaims = claims !== undefined && Object.keys(claims).length > 0;
  return {
    kind,
    keyId,
    ...(userId !== undefined && { userId }),
    ...(appId !== undefined && { appId }),
    ...(clientId !== undefined && { clientId }),
    ...(orgId !== undefined && { orgId }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(hasClaims && { claims: Buffer.from(JSON.stringify(claims)).toString('base64url') }),
    ...(renewed !== undefined && { renewed }),
    ...(renewedAs !== undefined && { renewedAs }),
  };
}

/**
 * The identity that the authorizer verified, which API Gateway passes on as strings; undefined without an authorizer.
 */
export function analyticsIdentity(event: APIGatewayProxyEvent): AnalyticsAuthorizerContext | undefined {
  const context: Readonly<Record<string, unknown>> = event.requestContext.authorizer ?? {};
  const { kind, keyId } = context;
  if (typeof kind !== 'string' || !KINDS.includes(kind) || typeof keyId !== 'string') return undefined;
  const texts = ['userId', 'appId', 'clientId', 'orgId', 'claims', 'renewed', 'renewedAs'] as const;
  const given = texts.filter((name) => typeof context[name] === 'string').map((name) => [name, context[name]]);
  const expiresAt = Number(context.expiresAt);
  return {
    ...(Object.fromEntries(given) as Partial<AnalyticsAuthorizerContext>),
    kind: kind as AnalyticsCredentialKind,
    keyId,
    ...(Number.isInteger(expiresAt) && { expiresAt }),
  };
}

/** The value that the endpoint gets of such a decision. */
export const refusedIdsContext = ({
  outcome,
  header,
}: {
  readonly outcome: RefusedIdsContext['refusedIds'];
  readonly header: string;
}): RefusedIdsContext => ({ refusedIds: outcome, header });

/** The invalid ids that the authorizer found in a call whose key is valid. */
export function refusedIds({ requestContext }: APIGatewayProxyEvent): RefusedIdsContext | undefined {
  const { refusedIds: code, header }: Readonly<Record<string, unknown>> = requestContext.authorizer ?? {};
  return (code === 'dev_ids_missing' || code === 'ids_malformed') && typeof header === 'string'
    ? { refusedIds: code, header }
    : undefined;
}

/** The response body of `GET session`. */
export function describeAnalyticsIdentity(identity: AnalyticsAuthorizerContext): object {
  const { kind, keyId, userId, appId, clientId, orgId, expiresAt, claims } = identity;
  const decoded = claims === undefined ? {} : (JSON.parse(Buffer.from(claims, 'base64url').toString()) as object);
  return { kind, keyId, userId, appId, clientId, orgId, expiresAt, claims: decoded };
}

/** The identity as it is sent to an upstream. */
export function analyticsIdentityHeaders(identity: AnalyticsAuthorizerContext): Record<string, string> {
  const { kind, keyId, userId, appId, clientId, orgId, claims } = identity;
  return {
    [headers.credentialKind]: kind,
    [headers.serviceKeyId]: keyId,
    ...(userId !== undefined && { [headers.userId]: userId }),
    ...(appId !== undefined && { [headers.appId]: appId }),
    ...(clientId !== undefined && { [headers.clientId]: clientId }),
    ...(orgId !== undefined && { [headers.orgId]: orgId }),
    ...(claims !== undefined && { [headers.claims]: claims }),
  };
}
