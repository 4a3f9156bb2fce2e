import { Duration } from 'aws-cdk-lib';
import type { CorsOptions } from 'aws-cdk-lib/aws-apigateway';
import { headers } from '#contract/headers.ts';

/**
 * In every refusal of the gateway itself, as API Gateway maps headers: the page's own origin, because a browser otherwise hides the response
 * to a call with a cookie. A refusal contains nothing that any page must not know.
 *
 * HTTP/2 has header names in lower case. AWS does not document whether `method.request.header.Origin` then finds `origin` in a gateway
 * response, and it is not tested on AWS. Decided for this one spelling, which many public templates have for pages that call over HTTP/2. Both
 * spellings would be two `Access-Control-Allow-Origin` if the lookup ignores case, which every browser refuses, and `'*'` is refused for calls
 * with a cookie. CDK's own preflight asks for both names; it can, because its template sets one header. To check a deployment:
 * `curl --http2 -i -H 'origin: https://x.example' <ApiUrl>nothing` must show the origin.
 */
export const refusalCorsHeaders = {
  'Access-Control-Allow-Origin': 'method.request.header.Origin',
  'Access-Control-Allow-Credentials': "'true'",
  'Access-Control-Expose-Headers': `'${headers.requestId}, Retry-After'`,
  Vary: "'Origin'",
};

/** In the response to a preflight. `*` covers additional headers for an upstream; browsers do not apply it to Authorization. */
export const preflight = {
  allowOrigins: ['*'],
  allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  allowHeaders: [
    headers.widgetToken,
    headers.shopApiKey,
    headers.serviceKey,
    'Content-Type',
    'Authorization',
    'X-Requested-With',
    '*',
  ],
  maxAgeSeconds: 7_200,
};

/** The same for CDK. */
export const corsPreflight = (): CorsOptions => ({
  allowOrigins: preflight.allowOrigins,
  allowMethods: preflight.allowMethods,
  allowHeaders: preflight.allowHeaders,
  maxAge: Duration.seconds(preflight.maxAgeSeconds),
});
