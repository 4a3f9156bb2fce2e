import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { headerValues, type MultiValueHeaders } from './request.ts';
import { exposedHeaders, refusalOf } from './responses.ts';

/**
 * Makes an answer readable for the page that called with its cookie: browsers then want its very origin. Only pages that passed the
 * preflight or need no cookie get this far; one whose origin was refused is told so without.
 */
export function forPage(answered: APIGatewayProxyResult, event: APIGatewayProxyEvent): APIGatewayProxyResult {
  const [origin, ...others] = headerValues(event.multiValueHeaders as MultiValueHeaders, 'origin');
  if (origin === undefined || others.length > 0 || refusalOf(answered) === 'origin_not_allowed') return answered;
  const { headers = {}, multiValueHeaders = {} } = answered;
  for (const name of Object.keys(multiValueHeaders)) if (/^access-control-/i.test(name)) delete multiValueHeaders[name];
  const exposed = new Set([...exposedHeaders, ...Object.keys(multiValueHeaders)]);
  answered.headers = {
    ...headers,
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Expose-Headers': [...exposed].join(', '),
    // An upstream's answer has its own, with Origin in it.
    ...(multiValueHeaders.vary === undefined && { Vary: 'Origin' }),
  };
  return answered;
}
