import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnResource, CrossStackReferences, ReferenceStrength, Stack, Token } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { ApiStack } from './api-stack.ts';
import { ProtectedTree } from './constructs/protected-tree.ts';
import { DataStack } from './data-stack.ts';
import { STAGE_TAG } from './deployer/scopes.ts';
import { stackProps } from './stack-props.ts';
import { type StageConfig, StageConfigError } from './stage-config.ts';
import { tagEverything, tagKeys } from './tags.ts';
import { WebStack } from './web-stack.ts';

export interface WidgetGateProps {
  /** A stage, as `readStageConfig` reads it. */
  readonly config: StageConfig;
}

export interface ProtectOptions {
  /** Whether the API's answers to what the authorizer refuses become the gate's; false where the API has its own. @default true */
  readonly gatewayResponses?: boolean;
}

/**
 * The gate in a CDK app of your own: its stacks, with the names that they have when they are deployed from here, and protection of your own
 * REST APIs by widget tokens.
 */
export class WidgetGate extends Construct {
  readonly data: DataStack;
  readonly api: ApiStack;
  /** Widget, console and API under one name; undefined where the stage turns it off. */
  readonly web: WebStack | undefined;
  readonly #config: StageConfig;

  constructor(scope: Construct, id: string, { config }: WidgetGateProps) {
    super(scope, id);
    this.#config = config;
    for (const [flag, value] of Object.entries(ownFlags())) this.node.setContext(flag, value);
    const named = (part: string) => ({
      ...stackProps(config),
      stackName: `WidgetGate-${config.stage}-${part}`,
      config,
    });
    this.data = new DataStack(this, 'Data', named('Data'));
    this.api = new ApiStack(this, 'Api', { ...named('Api'), data: this.data });
    this.web = config.web && new WebStack(this, 'Web', { ...named('Web'), api: this.api });
    // Whatever the flags of the app around: so it reads the outputs that a gate deployed from here has.
    for (const resource of this.node.findAll().filter(CfnResource.isCfnResource))
      CrossStackReferences.of(resource).produce(ReferenceStrength.WEAK);
    tagKeys(this, STAGE_TAG, config.stage);
    tagEverything(this, config.tags);
  }

  /**
   * Demands a widget token for every call below `tree` of your API, `/api/widget` say. Call it before you add methods there: those that you add
   * below the returned resource have the authorizer. Synthesis fails for a method below the tree that has not.
   */
  protect(restApi: RestApi, tree: string, { gatewayResponses = true }: ProtectOptions = {}): ProtectedTree {
    const { account, region } = Stack.of(restApi);
    if (![account, this.data.account].some(Token.isUnresolved) && account !== this.data.account)
      throw new StageConfigError(
        `the API is in account ${account} and the gate in ${this.data.account}; both must be in one account`,
      );
    if (!Token.isUnresolved(region) && region !== this.#config.region)
      throw new StageConfigError(
        `the API is in ${region} and the gate in ${this.#config.region}; both must be in one region`,
      );
    const id = `WidgetGate${tree.replaceAll('/', '-')}`;
    return new ProtectedTree(restApi, id, { config: this.#config, data: this.data, tree, gatewayResponses });
  }
}

/** The CDK flags that the gate's templates are made with. */
function ownFlags(): Record<string, unknown> {
  const { context } = JSON.parse(readFileSync(join(import.meta.dirname, '../cdk.json'), 'utf8')) as {
    context: Record<string, unknown>;
  };
  return Object.fromEntries(Object.entries(context).filter(([name]) => name.startsWith('@aws-cdk')));
}
