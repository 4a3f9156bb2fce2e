import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { WidgetAuthorizerContext } from '#contract/context.ts';
import { headers } from '#contract/headers.ts';
import { isShopId } from '../shops/shop-id.ts';

/** The identity that the authorizer proved, which API Gateway hands on as strings; nothing when there was no authorizer. */
export function verifiedIdentity(event: APIGatewayProxyEvent): WidgetAuthorizerContext | undefined {
  const context = event.requestContext.authorizer;
  const shopId: unknown = context?.shopId;
  const issuedAt = Number(context?.issuedAt);
  const expiresAt = Number(context?.expiresAt);
  if (typeof shopId !== 'string' || !isShopId(shopId) || !Number.isInteger(issuedAt) || !Number.isInteger(expiresAt))
    return undefined;
  return { shopId, issuedAt, expiresAt };
}

/** What of a decision the functions behind the authorizer may know. */
export const widgetContextOf = ({ shopId, issuedAt, expiresAt }: WidgetAuthorizerContext): WidgetAuthorizerContext => ({
  shopId,
  issuedAt,
  expiresAt,
});

/** The identity as an upstream gets it. */
export const widgetIdentityHeaders = ({ shopId, issuedAt }: WidgetAuthorizerContext): Record<string, string> => ({
  [headers.shopId]: shopId,
  [headers.tokenIssuedAt]: String(issuedAt),
});
