import { join } from 'node:path';
import { type App, Stack, type StackProps } from 'aws-cdk-lib';
import { LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { type ProtectOptions, WidgetGate } from '#lib/index.ts';

export const TREE = '/v1/widget';
export const GATE = { production: false, region: 'eu-west-1' };

/** Somebody's CDK app: an API of their own, of which one part is for widgets. */
export class ShopApiStack extends Stack {
  readonly restApi: RestApi;
  readonly upstream: LambdaIntegration;
  readonly gate: WidgetGate;

  constructor(app: App, id: string, props: StackProps = { env: { region: GATE.region } }) {
    super(app, id, props);
    this.restApi = new RestApi(this, 'ShopApi', { cloudWatchRole: false, deployOptions: { stageName: 'live' } });
    const handler = new LambdaFunction(this, 'Upstream', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromAsset(join(import.meta.dirname, 'upstream')),
    });
    this.upstream = new LambdaIntegration(handler, { allowTestInvoke: false });
    this.restApi.root.resourceForPath('/v1/health').addMethod('GET', this.upstream);
    this.gate = new WidgetGate(this, 'Gate', { stage: 'dev', ...GATE });
  }

  /** The part for widgets. */
  addWidgets(options?: ProtectOptions): this {
    const { resource } = this.gate.protect(this.restApi, TREE, options);
    resource.addResource('products').addMethod('GET', this.upstream);
    resource.addResource('carts').addResource('{cartId}').addMethod('POST', this.upstream);
    return this;
  }
}
