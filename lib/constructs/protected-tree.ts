import { AuthorizationType, type IAuthorizer, type IResource, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { DataStack } from '../data-stack.ts';
import { environmentValues } from '../environment-values.ts';
import { boundRoles } from '../permissions-boundary.ts';
import { type StageConfig, StageConfigError } from '../stage-config.ts';
import { tagEverything } from '../tags.ts';
import { widgetAuthorizer } from './authorizers.ts';
import { corsPreflight } from './cors.ts';
import { GatewayRefusals } from './gateway-refusals.ts';
import { HandlerFunction } from './handler-function.ts';
import { checkTree, methodsWithoutToken, waysAround } from './tree-methods.ts';
import { addWidgetAuthorizer } from './widget-authorizer-function.ts';

export interface ProtectedTreeProps {
  readonly config: StageConfig;
  readonly data: DataStack;
  /** `/api/widget`: calls below it need a widget token. */
  readonly tree: string;
  readonly gatewayResponses: boolean;
}

/** Responses that only an authorizer causes; all other responses of an API are defined by its owner. */
const REFUSALS = ['UNAUTHORIZED', 'ACCESS_DENIED', 'AUTHORIZER_FAILURE', 'AUTHORIZER_CONFIGURATION_ERROR'] as const;

/** A part of another REST API that only widget tokens open. */
export class ProtectedTree extends Construct {
  /** For methods of existing resources: `{ authorizer, authorizationType: AuthorizationType.CUSTOM }`. */
  readonly authorizer: IAuthorizer;
  /**
   * The tree's own resource: methods added below it have the authorizer, and their preflights are answered without it.
   */
  readonly resource: IResource;

  constructor(api: RestApi, id: string, { config, data, tree, gatewayResponses }: ProtectedTreeProps) {
    super(api, id);
    checkTree(tree);
    const { logRetentionDays, authorizerCacheSeconds } = config;
    const environment = { ...environmentValues(config, data), protectedTree: tree };
    const logRetention: RetentionDays = logRetentionDays;
    const handler = addWidgetAuthorizer(
      (name, functionName) =>
        new HandlerFunction(this, name, { functionName, environment, logRetention, ...config }).function,
      data,
    );
    boundRoles(this, config);
    tagEverything(this, config.tags);
    this.authorizer = widgetAuthorizer(this, 'TokenAuthorizer', handler, authorizerCacheSeconds);
    this.resource = this.#resourceOf(api, tree);
    if (gatewayResponses && api.node.tryFindChild('WidgetGateRefusals') === undefined)
      new GatewayRefusals(api, 'WidgetGateRefusals', api, REFUSALS);
    const already = methodsWithoutToken(api, tree, this.authorizer);
    if (already.length > 0) throw new StageConfigError(already.join('\n'));
    this.node.addValidation({
      validate: () => [methodsWithoutToken, waysAround].flatMap((check) => check(api, tree, this.authorizer)),
    });
  }

  /** Resources on the path to the tree, and the tree itself, may already exist. */
  #resourceOf(api: RestApi, tree: string): IResource {
    const segments = tree.split('/').slice(1);
    return segments.reduce<IResource>((parent, segment, at) => {
      const isTree = at === segments.length - 1;
      const options = { defaultMethodOptions: this.#methodOptions(), defaultCorsPreflightOptions: corsPreflight() };
      return parent.getResource(segment) ?? parent.addResource(segment, isTree ? options : undefined);
    }, api.root);
  }

  #methodOptions() {
    return { authorizer: this.authorizer, authorizationType: AuthorizationType.CUSTOM };
  }
}
