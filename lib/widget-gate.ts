import { type App, CfnResource, CrossStackReferences, ReferenceStrength, Stack, Stage, Token } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { ApiStack } from './api-stack.ts';
import { cdkFlags } from './assets.ts';
import { ProtectedTree } from './constructs/protected-tree.ts';
import { DataStack } from './data-stack.ts';
import { STAGE_TAG } from './deployer/scopes.ts';
import { OperationsStack } from './operations-stack.ts';
import { stackProps } from './stack-props.ts';
import {
  type DefaultEnvironment,
  readStageConfig,
  type StageConfig,
  StageConfigError,
  type StageMembers,
} from './stage-config.ts';
import { tagEverything, tagKeys } from './tags.ts';
import { WebStack } from './web-stack.ts';

/** The stage, and its members as a stage of cdk.json has them. */
export interface WidgetGateProps extends StageMembers {
  /** The stage's name, which is part of the names of its stacks: `dev`, `prod`, … */
  readonly stage: string;
  /**
   * The app that owns the gate's stacks, with the ids `WidgetGate-<stage>-Data` and so on: this is how a checkout deploys them.
   * @default the stacks are below this construct, with the same names
   */
  readonly stackScope?: App;
}

export interface ProtectOptions {
  /**
   * Whether the API returns the gate's responses for calls that the authorizer refuses; false if the API has its own.
   * @default true
   */
  readonly gatewayResponses?: boolean;
}

/**
 * All stacks of a stage: data, API, operations and web. `bin/app.ts` deploys it; in your own CDK app it also protects your own REST APIs
 * with widget tokens.
 */
export class WidgetGate extends Construct {
  readonly data: DataStack;
  readonly api: ApiStack;
  /** Alarms, dashboard, canary. */
  readonly operations: OperationsStack;
  /** Widget, console and API under one name; undefined if the stage turns it off. */
  readonly web: WebStack | undefined;
  readonly #config: StageConfig;

  /** Throws `StageConfigError` for a member that is unknown or wrong. */
  constructor(scope: Construct, id: string, { stage, stackScope, ...members }: WidgetGateProps) {
    super(scope, id);
    const config = readStageConfig(stage, { [stage]: members }, environmentAround(this));
    this.#config = config;
    // An app that deploys only the gate sets the flags itself.
    if (stackScope === undefined)
      for (const [flag, value] of Object.entries(cdkFlags())) this.node.setContext(flag, value);
    const home = stackScope ?? this;
    const others = new Set(home.node.children);
    const nameOf = (part: string): string => `WidgetGate-${config.stage}-${part}`;
    const idOf = (part: string): string => (stackScope === undefined ? part : nameOf(part));
    const named = (part: string) => ({ ...stackProps(config), stackName: nameOf(part), config });
    this.data = new DataStack(home, idOf('Data'), named('Data'));
    this.api = new ApiStack(home, idOf('Api'), { ...named('Api'), data: this.data });
    this.operations = new OperationsStack(home, idOf('Operations'), {
      ...named('Operations'),
      data: this.data,
      api: this.api,
    });
    this.web = config.web && new WebStack(home, idOf('Web'), { ...named('Web'), api: this.api });
    // Only the stacks of this stage: the app may contain other stages, too.
    for (const stack of home.node.children.filter((child) => !others.has(child))) {
      // Independent of the flags of the surrounding app: so it reads the outputs of a gate that was deployed from a checkout.
      for (const resource of stack.node.findAll().filter(CfnResource.isCfnResource))
        CrossStackReferences.of(resource).produce(ReferenceStrength.WEAK);
      tagKeys(stack, STAGE_TAG, config.stage);
      tagEverything(stack, config.tags);
    }
  }

  /**
   * Requires a widget token for every call below `tree` of your API, for example `/api/widget`. Call it before you add methods there:
   * methods that you add below the returned resource have the authorizer. Synthesis fails for a method below the tree without it.
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

/** Account and region of the stack or CDK stage that the gate is part of, else those of the AWS credentials that the CDK CLI found. */
function environmentAround(gate: Construct): DefaultEnvironment {
  const around = gate.node.scopes.findLast((scope) => Stack.isStack(scope) || Stage.isStage(scope)) as Stack | Stage;
  const known = (value: string | undefined): string | undefined => (Token.isUnresolved(value) ? undefined : value);
  return {
    account: known(around.account) ?? process.env.CDK_DEFAULT_ACCOUNT,
    region: known(around.region) ?? process.env.CDK_DEFAULT_REGION,
  };
}
