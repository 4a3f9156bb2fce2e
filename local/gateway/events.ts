import type { Deployment, RestApiResource } from '../model.ts';
import type { Body } from './body.ts';
import { headerValues, type RoutedCall } from './gateway-call.ts';

/** Values of the deployment in every event. */
export type EventPlace = Pick<Deployment, 'region' | 'accountId'> & { readonly api: RestApiResource };

/** `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<METHOD>/<path>` */
export const methodArn = ({ region, accountId, api }: EventPlace, { httpMethod, path }: RoutedCall): string =>
  `arn:aws:execute-api:${region}:${accountId}:${api.apiId}/${api.stageName}/${httpMethod}${path}`;

/** The REQUEST authorizer's event. */
export const authorizerEvent = (place: EventPlace, call: RoutedCall): string =>
  JSON.stringify({
    type: 'REQUEST',
    methodArn: methodArn(place, call),
    resource: call.method.path,
    ...commonMembers(call),
    requestContext: requestContext(place, call),
  });

/** The Lambda proxy event, version 1.0. */
export const proxyEvent = (
  place: EventPlace,
  call: RoutedCall,
  authorizer: Readonly<Record<string, string>> | undefined,
  body: Body,
): string =>
  JSON.stringify({
    resource: call.method.path,
    ...commonMembers(call),
    requestContext: { ...requestContext(place, call), ...(authorizer !== undefined && { authorizer }) },
    body: body.text,
    isBase64Encoded: body.isBase64Encoded,
  });

const commonMembers = (call: RoutedCall) => ({
  path: call.path,
  httpMethod: call.httpMethod,
  headers: call.headers,
  multiValueHeaders: call.multiValueHeaders,
  queryStringParameters: call.query,
  multiValueQueryStringParameters: call.multiValueQuery,
  pathParameters: call.pathParameters,
  stageVariables: null,
});

const requestContext = ({ accountId, api }: EventPlace, call: RoutedCall) => ({
  accountId,
  apiId: api.apiId,
  stage: api.stageName,
  resourcePath: call.method.path,
  httpMethod: call.httpMethod,
  path: call.sentPath,
  protocol: 'HTTP/1.1',
  requestId: call.requestIdInEvents,
  extendedRequestId: call.extendedRequestId,
  domainName: headerValues(call, 'host')[0],
  requestTimeEpoch: call.receivedAt,
  requestTime: requestTime(call.receivedAt),
  identity: { sourceIp: call.sourceIp, userAgent: call.userAgent },
});

let lastSecond = -1;
let lastTime = '';

/** `21/Nov/2026:05:49:39 +0000`, made once a second. */
function requestTime(epochMilliseconds: number): string {
  const second = Math.floor(epochMilliseconds / 1_000);
  if (second !== lastSecond) {
    const [, day, month, year, time] =
      /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(epochMilliseconds).toUTCString()) ?? [];
    lastTime = `${day}/${month}/${year}:${time} +0000`;
    lastSecond = second;
  }
  return lastTime;
}
