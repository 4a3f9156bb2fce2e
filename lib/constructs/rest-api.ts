import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  AuthorizationType,
  type CfnMethod,
  type IAuthorizer,
  type IResource,
  LambdaIntegration,
  LogGroupLogDestination,
  type MethodDeploymentOptions,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { GateFunctionName } from '#contract/functions.ts';
import { type Route, type RouteAuth, routes } from '#contract/routes.ts';
import type { ForwardingOptions } from '../stage-config/forwarding.ts';
import type { StageOptions } from '../stage-config/options.ts';
import { endpointProps } from './api-endpoint.ts';
import { corsPreflight, preflight } from './cors.ts';
import { responseTransfer } from './forwarding-limits.ts';
import { GatewayRefusals } from './gateway-refusals.ts';

export interface GateRestApiProps {
  readonly stage: string;
  readonly handlers: (name: GateFunctionName) => IFunction;
  readonly authorizers: (auth: Exclude<RouteAuth, 'none'>) => IAuthorizer;
  readonly logRetention: RetentionDays;
  readonly production: boolean;
  /** Whether calls are traced with X-Ray. */
  readonly tracing: boolean;
  readonly reachedBy: Pick<StageOptions, 'domain' | 'private'>;
  readonly forwarding: ForwardingOptions;
}

/**
 * Members of an access log line: event and route, never a path, query or header, which may contain a credential. For analytics and data
 * router calls the key's short id and the credential's kind, never a user, client, app or organization: the customer chooses those ids, and
 * an e-mail address is a common choice.
 */
const ACCESS_LOG = {
  stage: '$context.stage',
  requestId: '$context.requestId',
  // API Gateway's own id; a client may choose the other one.
  extendedRequestId: '$context.extendedRequestId',
  time: '$context.requestTimeEpoch',
  ip: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  route: '$context.resourcePath',
  status: '$context.status',
  shopId: '$context.authorizer.shopId',
  keyId: '$context.authorizer.keyId',
  kind: '$context.authorizer.kind',
  code: '$context.authorizer.code',
  errorType: '$context.error.responseType',
  bytes: '$context.responseLength',
  latency: '$context.responseLatency',
  authorizerLatency: '$context.authorizer.latency',
};

/** Calls to routes that are not in the table. */
const DEFAULT_THROTTLE = { ratePerSecond: 100, burst: 200 };

/** The REST API, made from the contract's route table: routes that are not in the table do not exist. */
export class GateRestApi extends Construct {
  readonly api: RestApi;
  readonly accessLog: LogGroup;

  constructor(scope: Construct, id: string, props: GateRestApiProps) {
    super(scope, id);
    this.accessLog = new LogGroup(this, 'AccessLog', {
      retention: props.logRetention,
      removalPolicy: props.production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.api = new RestApi(this, 'Api', {
      // Distinguishes one API's metrics from another's in CloudWatch.
      restApiName: `widget-gate-${props.stage}`,
      description: `Widget Gate, stage ${props.stage}`,
      ...endpointProps(this, props.reachedBy),
      // Forwarded bodies are any bytes, both ways.
      binaryMediaTypes: ['*/*'],
      // One per account and region: access logs of any REST API are written with it.
      cloudWatchRole: true,
      deployOptions: {
        stageName: props.stage,
        accessLogDestination: new LogGroupLogDestination(this.accessLog),
        accessLogFormat: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
        dataTraceEnabled: false,
        metricsEnabled: true,
        tracingEnabled: props.tracing,
        throttlingRateLimit: DEFAULT_THROTTLE.ratePerSecond,
        throttlingBurstLimit: DEFAULT_THROTTLE.burst,
        methodOptions: methodOptions(),
      },
    });
    // CDK's own output of the address, which ApiUrl has: one value, one output.
    this.api.node.tryRemoveChild('Endpoint');
    for (const route of routes) this.#addRoute(route, props);
    new GatewayRefusals(this, 'Refusals', this.api);
  }

  #addRoute(route: Route, props: GateRestApiProps): void {
    const resource = this.api.root.resourceForPath(route.path);
    if (route.crossOrigin === 'any') this.#answerPreflights(resource);
    if (route.crossOrigin === 'credentialed' || route.crossOrigin === 'listed')
      this.#askAboutPreflights(resource, props.handlers('cors-preflight'));
    resource.addMethod(
      route.method,
      new LambdaIntegration(props.handlers(route.handler), {
        allowTestInvoke: false,
        ...responseTransfer(route.handler, props.forwarding),
      }),
      route.auth === 'none'
        ? { authorizationType: AuthorizationType.NONE }
        : { authorizationType: AuthorizationType.CUSTOM, authorizer: props.authorizers(route.auth) },
    );
  }

  /** Which page may call with its cookie is data, so a function answers. */
  #askAboutPreflights(resource: IResource, corsPreflight: IFunction): void {
    resource.addMethod('OPTIONS', new LambdaIntegration(corsPreflight, { allowTestInvoke: false }), {
      authorizationType: AuthorizationType.NONE,
    });
  }

  #answerPreflights(resource: IResource): void {
    const { defaultChild } = resource.addCorsPreflight(corsPreflight()).node;
    // With binary bodies, API Gateway does not read the template of a MOCK integration as text by default, and returns 500.
    (defaultChild as CfnMethod).addPropertyOverride('Integration.ContentHandling', 'CONVERT_TO_TEXT');
  }
}

/** Stage settings per method. API Gateway has none for ANY, so a route that accepts every method names each. */
function methodOptions(): Record<string, MethodDeploymentOptions> {
  const entries = routes.flatMap(({ method, path, throttle, crossOrigin }: Route) => {
    const methods =
      method === 'ANY' ? preflight.allowMethods : [method, ...(crossOrigin === 'none' ? [] : ['OPTIONS'])];
    const options = {
      throttlingRateLimit: throttle.ratePerSecond,
      throttlingBurstLimit: throttle.burst,
      metricsEnabled: true,
    };
    return methods.map((name): [string, MethodDeploymentOptions] => [`${path}/${name}`, options]);
  });
  return Object.fromEntries(entries);
}
