import type { APIGatewayProxyEvent } from 'aws-lambda';
import { headerValues, isFromBrowser, type MultiValueHeaders } from './request.ts';

/** What of a request authenticates a shop. */
export function shopKeyCall(event: APIGatewayProxyEvent): {
  apiKeys: string[];
  shopIdInPath: string;
  fromBrowser: boolean;
} {
  const headers = event.multiValueHeaders as MultiValueHeaders;
  return {
    apiKeys: headerValues(headers, 'x-shop-api-key'),
    shopIdInPath: event.pathParameters?.shopId ?? '',
    fromBrowser: isFromBrowser(headers),
  };
}
