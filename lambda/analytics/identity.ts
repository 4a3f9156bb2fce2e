import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { AnalyticsAuthorizerContext, AnalyticsCredentialKind, RefusedIdsContext } from '#contract/context.ts';
import { headers } from '#contract/headers.ts';

const KINDS: readonly string[] = [
  'security-token',
  'session',
  'analytics-key',
  'dev-key',
] satisfies AnalyticsCredentialKind[];

/** A decision that lets a call through, with the claims as the token had them. */
interface Identity extends Omit<AnalyticsAuthorizerContext, 'claims'> {
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** What of a decision the functions behind the authorizer may know. Claims travel as Base64url, since a context holds plain texts only. */
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

/** The identity that the authorizer proved, which API Gateway hands on as strings; nothing when there was no authorizer. */
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

/** What the endpoint gets of such a decision. */
export const refusedIdsContext = ({
  outcome,
  header,
}: {
  readonly outcome: RefusedIdsContext['refusedIds'];
  readonly header: string;
}): RefusedIdsContext => ({ refusedIds: outcome, header });

/** What the authorizer found wrong with the ids of a call whose key is valid. */
export function refusedIds({ requestContext }: APIGatewayProxyEvent): RefusedIdsContext | undefined {
  const { refusedIds: code, header }: Readonly<Record<string, unknown>> = requestContext.authorizer ?? {};
  return (code === 'dev_ids_missing' || code === 'ids_malformed') && typeof header === 'string'
    ? { refusedIds: code, header }
    : undefined;
}

/** What `GET session` answers. */
export function describeAnalyticsIdentity(identity: AnalyticsAuthorizerContext): object {
  const { kind, keyId, userId, appId, clientId, orgId, expiresAt, claims } = identity;
  const decoded = claims === undefined ? {} : (JSON.parse(Buffer.from(claims, 'base64url').toString()) as object);
  return { kind, keyId, userId, appId, clientId, orgId, expiresAt, claims: decoded };
}

/** The identity as an upstream gets it. */
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
