import type { APIGatewayProxyEvent } from 'aws-lambda';
import { type MultiValueHeaders, presentedKeys } from './request.ts';

/** What of a request authenticates a shop. */
export const shopKeyCall = ({ multiValueHeaders, pathParameters }: APIGatewayProxyEvent) => ({
  ...presentedKeys(multiValueHeaders as MultiValueHeaders, 'x-shop-api-key'),
  shopIdInPath: pathParameters?.shopId ?? '',
});
