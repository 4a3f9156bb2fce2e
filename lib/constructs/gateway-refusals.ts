import { GatewayResponse, type IRestApi, ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { errors } from '#contract/errors.ts';
import { gatewayResponses } from '#contract/gateway-responses.ts';
import { limits } from '#contract/limits.ts';
import { refusalCorsHeaders } from './cors.ts';

/**
 * Every refusal that API Gateway makes by itself, with the sentences of the catalog and readable for a browser. It uses the high-level
 * construct on purpose: with it a change of any refusal causes a new deployment, without which the stage would keep the old ones. Their
 * request id is `$context.requestId`, under which authorizers record a refusal. A caller may choose it, as a UUID. Nothing here can check
 * it, and only that caller sees one of another form.
 */
export class GatewayRefusals extends Construct {
  /** @param only the response types to handle; default: all */
  constructor(scope: Construct, id: string, restApi: RestApi, only?: readonly string[]) {
    super(scope, id);
    // CDK's own types disagree about an undefined member under exactOptionalPropertyTypes.
    const api = restApi as IRestApi;
    for (const [type, code] of Object.entries(gatewayResponses)) {
      if (only !== undefined && !only.includes(type)) continue;
      const { status, message } = errors[code];
      // DEFAULT_4XX keeps the status that API Gateway chose: it covers refusals that are not known yet.
      const statusCode = type === 'DEFAULT_4XX' ? undefined : status;
      this.#add(api, type, statusCode, JSON.stringify({ code, message, requestId: '$context.requestId' }));
    }
    const denied = {
      code: '$context.authorizer.code',
      message: '$context.authorizer.message',
      requestId: '$context.requestId',
    };
    this.#add(api, 'ACCESS_DENIED', 403, JSON.stringify(denied));
  }

  #add(restApi: IRestApi, type: string, status: number | undefined, body: string): void {
    new GatewayResponse(this, type, {
      restApi,
      type: ResponseType.of(type),
      ...(status !== undefined && { statusCode: String(status) }),
      templates: { 'application/json': body },
      responseHeaders: headersFor(status),
    });
  }
}

/** By name: static values in single quotes, or their sources. */
const headersFor = (status: number | undefined): Record<string, string> => ({
  ...refusalCorsHeaders,
  'Content-Type': "'application/json'",
  'Cache-Control': "'no-store'",
  'X-Content-Type-Options': "'nosniff'",
  ...((status === 429 || status === 503) && { 'Retry-After': `'${limits.retryAfterSeconds}'` }),
});
