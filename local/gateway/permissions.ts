import { matchesWildcard } from '../iam/wildcard.ts';
import type { FunctionResource, RestMethod } from '../model.ts';
import type { EventPlace } from './events.ts';

/** Whether a function's resource policy lets API Gateway in on behalf of this source. */
export const admits = ({ permissions }: FunctionResource, sourceArn: string): boolean =>
  permissions.some(
    (permission) =>
      permission.principal === 'apigateway.amazonaws.com' && matchesWildcard(permission.sourceArn ?? '*', sourceArn),
  );

const apiArn = ({ region, accountId, api }: EventPlace): string =>
  `arn:aws:execute-api:${region}:${accountId}:${api.apiId}`;

/** The source ARN of a method's integration: with the method as it is in the template, not as called. */
export function methodSource(place: EventPlace, { path, httpMethod }: RestMethod): string {
  const verb = httpMethod === 'ANY' ? '*' : httpMethod;
  return `${apiArn(place)}/${place.api.stageName}/${verb}${path.replace(/\{[^}]+\}/g, '*')}`;
}

export const authorizerSource = (place: EventPlace, authorizerId: string): string =>
  `${apiArn(place)}/authorizers/${authorizerId}`;
