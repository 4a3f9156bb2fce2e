import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { GateFunctionName } from '#contract/functions.ts';
import { addAnalytics, addDataRouter, addEndpoint } from './constructs/analytics.ts';
import { addApiOptions } from './constructs/api-options.ts';
import {
  adminAuthorizer,
  analyticsAuthorizer,
  dataRouterAuthorizer,
  widgetAuthorizer,
} from './constructs/authorizers.ts';
import { edgeMark } from './constructs/edge-mark.ts';
import { forwardingLimits } from './constructs/forwarding-limits.ts';
import { HandlerFunction } from './constructs/handler-function.ts';
import { GateRestApi } from './constructs/rest-api.ts';
import { RingRotationSchedule } from './constructs/ring-rotation-schedule.ts';
import { addUpstreamAccess } from './constructs/upstream-access.ts';
import { addWidgetAuthorizer } from './constructs/widget-authorizer-function.ts';
import type { DataStack } from './data-stack.ts';
import { assertionIssuer, environmentValues } from './environment-values.ts';
import type { StageConfig } from './stage-config.ts';

export interface ApiStackProps extends StackProps {
  readonly config: StageConfig;
  readonly data: DataStack;
}

/** Resources that can be replaced at any time: functions with their roles, authorizer, REST API. */
export class ApiStack extends Stack {
  readonly functions: Readonly<Record<GateFunctionName, IFunction>>;
  readonly api: RestApi;
  /** The address of the gate: if it has a custom domain, API Gateway's own address is closed. */
  readonly url: string;
  readonly accessLog: ILogGroup;

  constructor(scope: Construct, id: string, props: ApiStackProps) {
    super(scope, id, props);
    const { config, data } = props;
    const logRetention = config.logRetentionDays as RetentionDays;
    const environment = { ...environmentValues(config, data), edgeMark: edgeMark(this).value };
    const addFunction = (constructId: string, functionName: GateFunctionName) =>
      new HandlerFunction(this, constructId, {
        functionName,
        environment,
        logRetention,
        ...config,
        ...forwardingLimits(functionName, config),
      }).function;

    const tokenIssuer = addFunction('TokenIssuer', 'token-issuer');
    data.keys.grantRead(tokenIssuer);
    data.shops.grantRead(tokenIssuer);
    data.audit.grantAppend(tokenIssuer, 'refusals');

    const tokenInspector = addFunction('TokenInspector', 'token-inspector');
    data.keys.grantRead(tokenInspector);
    data.shops.grantRead(tokenInspector);
    data.ring.grantRead(tokenInspector);
    data.audit.grantAppend(tokenInspector, 'refusals');

    const authorizer = addWidgetAuthorizer(addFunction, data);

    const widgetEndpoint = addEndpoint(addFunction('WidgetEndpoint', 'widget-endpoint'), data);

    const jwks = addFunction('Jwks', 'jwks');
    data.signingKeys.grantRead(jwks);

    const adminLogin = addFunction('AdminLogin', 'admin-login');
    data.sessions.grantCreate(adminLogin);
    data.sessions.grantOpenLoginLink(adminLogin);
    data.sessions.grantCountCalls(adminLogin);
    data.sessions.grantKeepAuditEntry(adminLogin, 'keptLogin');
    data.audit.grantAppend(adminLogin, 'logins');
    data.ring.grantRead(adminLogin);
    data.adminGroup.grantRead(adminLogin);

    const adminSession = addFunction('AdminAuthorizer', 'admin-authorizer');
    data.sessions.grantUse(adminSession);
    data.adminGroup.grantRead(adminSession);

    const adminApi = addFunction('AdminApi', 'admin-api');
    data.shops.grantRead(adminApi);
    data.shops.grantList(adminApi);
    data.shops.grantWrite(adminApi);
    data.shops.grantDelete(adminApi);
    data.keys.grantManage(adminApi);
    data.sessions.grantEnd(adminApi);
    data.sessions.grantCreateLoginLink(adminApi);
    data.sessions.grantReadKeyUse(adminApi);
    data.sessions.grantRevoke(adminApi);
    data.sessions.grantCountCalls(adminApi);
    data.sessions.grantKeepAuditEntry(adminApi, 'keptEntry');
    data.audit.grantAppend(adminApi, 'administration');
    data.audit.grantQuery(adminApi);
    for (const table of [data.shops, data.keys, data.sessions]) table.grantCopyAuditEntries(adminApi);
    data.ring.grantRead(adminApi);

    const ringRotation = addFunction('RingRotation', 'ring-rotation');
    data.shops.grantRead(ringRotation);
    data.shops.grantList(ringRotation);
    data.shops.grantWrite(ringRotation);
    data.ring.grantRotate(ringRotation);
    new RingRotationSchedule(this, 'RingRotationSchedule', { ring: data.ring, rotation: ringRotation });

    const signingKeyRotation = addFunction('SigningKeyRotation', 'signing-key-rotation');
    data.signingKeys.grantRotate(signingKeyRotation);
    new RingRotationSchedule(this, 'SigningKeyRotationSchedule', {
      ring: data.signingKeys,
      rotation: signingKeyRotation,
    });

    const handlers = {
      ...addAnalytics(addFunction, data),
      ...addDataRouter(addFunction, data),
      'token-issuer': tokenIssuer,
      'token-inspector': tokenInspector,
      'widget-authorizer': authorizer,
      'widget-endpoint': widgetEndpoint,
      'ring-rotation': ringRotation,
      jwks,
      'signing-key-rotation': signingKeyRotation,
      'admin-login': adminLogin,
      'admin-authorizer': adminSession,
      'admin-api': adminApi,
    } satisfies Record<GateFunctionName, IFunction>;
    addUpstreamAccess(handlers, config);
    const authorizers = {
      'widget-token': widgetAuthorizer(this, 'WidgetTokenAuthorizer', authorizer, config.authorizerCacheSeconds),
      analytics: analyticsAuthorizer(this, 'AnalyticsTokenAuthorizer', handlers['analytics-authorizer']),
      'data-router-key': dataRouterAuthorizer(this, 'DataRouterKeyAuthorizer', handlers['data-router-authorizer']),
      'admin-session': adminAuthorizer(this, 'AdminSessionAuthorizer', adminSession),
    };

    const { api, accessLog } = new GateRestApi(this, 'Rest', {
      stage: config.stage,
      handlers: (name) => handlers[name],
      authorizers: (auth) => authorizers[auth],
      logRetention,
      production: config.production,
      tracing: config.tracing,
      reachedBy: config,
      forwarding: config,
    });
    this.functions = handlers;
    this.api = api;
    this.accessLog = accessLog;
    this.url = addApiOptions(this, api, config);
    new CfnOutput(this, 'ApiUrl', { value: this.url });
    new CfnOutput(this, 'RingSecret', {
      value: data.ring.secret.secretArn,
      description: 'Rotate it with aws secretsmanager rotate-secret',
    });
    new CfnOutput(this, 'SigningSecret', {
      value: data.signingKeys.secret.secretArn,
      description: 'Rotate it with aws secretsmanager rotate-secret',
    });
    new CfnOutput(this, 'AssertionIssuer', {
      value: assertionIssuer(config, data),
      description: 'The iss of X-Gate-Assertion, which an upstream requires',
    });
  }
}
