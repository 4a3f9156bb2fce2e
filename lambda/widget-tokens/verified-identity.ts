import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { WidgetAuthorizerContext } from '#contract/context.ts';
import { headers } from '#contract/headers.ts';
import { isShopId } from '../shops/shop-id.ts';

/**
 * The identity that the authorizer verified, which API Gateway passes on as strings; undefined without an authorizer.
 */
export function verifiedIdentity(event: APIGatewayProxyEvent): WidgetAuthorizerContext | undefined {
  const context = event.requestContext.authorizer;
  const shopId: unknown = context?.shopId;
  const issuedAt = Number(context?.issuedAt);
  const expiresAt = Number(context?.expiresAt);
  if (typeof shopId !== 'string' || !isShopId(shopId) || !Number.isInteger(issuedAt) || !Number.isInteger(expiresAt))
    return undefined;
  return { shopId, issuedAt, expiresAt };
}

/** The part of a decision that the functions behind the authorizer may read. */
export const widgetContextOf = ({ shopId, issuedAt, expiresAt }: WidgetAuthorizerContext): WidgetAuthorizerContext => ({
  shopId,
  issuedAt,
  expiresAt,
});

/** The identity as it is sent to an upstream. */
export const widgetIdentityHeaders = ({ shopId, issuedAt }: WidgetAuthorizerContext): Record<string, string> => ({
  [headers.shopId]: shopId,
  [headers.tokenIssuedAt]: String(issuedAt),
});
