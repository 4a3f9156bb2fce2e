import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type EnvironmentName, environment } from '#contract/environment.ts';
import { type FunctionName, type FunctionSpec, functions } from '#contract/functions.ts';
import { bundleOf } from '../assets.ts';

export interface HandlerFunctionProps {
  readonly functionName: FunctionName;
  /** Values by contract name; the function gets those that its contract lists. */
  readonly environment: Readonly<Partial<Record<EnvironmentName, string>>>;
  readonly logRetention: RetentionDays;
  readonly production: boolean;
  /** Whether its calls are traced with X-Ray. */
  readonly tracing: boolean;
  /** @default as the contract says */
  readonly timeoutSeconds?: number | undefined;
  /**
   * How many executions are reserved for it, which is also the most that it runs at once.
   * @default it shares the account's with all others
   */
  readonly reservedConcurrentExecutions?: number | undefined;
}

/** One function of the contract: its bundle, its own role and its own log group, to which only that role may write. */
export class HandlerFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id);
    const spec: FunctionSpec = functions[props.functionName];
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetention,
      removalPolicy: props.production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    this.function = new LambdaFunction(this, 'Function', {
      description: spec.summary,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(bundleOf(props.functionName)),
      memorySize: spec.memoryMegabytes,
      timeout: Duration.seconds(props.timeoutSeconds ?? spec.timeoutSeconds),
      environment: environmentOf(props.functionName, spec, props.environment),
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      ...(props.tracing && { tracing: Tracing.ACTIVE }),
      ...(props.reservedConcurrentExecutions !== undefined && {
        reservedConcurrentExecutions: props.reservedConcurrentExecutions,
      }),
    });
  }
}

function environmentOf(
  name: FunctionName,
  spec: FunctionSpec,
  values: HandlerFunctionProps['environment'],
): Record<string, string> {
  const required = spec.environment.map((variable): [string, string] => {
    const value = values[variable];
    if (value === undefined) throw new Error(`${name} needs a value for ${variable}`);
    return [environment[variable], value];
  });
  const optional = spec.optionalEnvironment.flatMap((variable): [string, string][] => {
    const value = values[variable];
    return value === undefined ? [] : [[environment[variable], value]];
  });
  return Object.fromEntries([...required, ...optional]);
}
