import { environment } from '#contract/environment.ts';
import { type Properties, resourcesOf, type SynthesizedStage, synthesizeStage } from '#test/support/stacks.ts';

const STREAMING = ['/api/analytics/{proxy+}', '/api/data-router/{proxy+}', '/api/widget/{proxy+}'];
const plain = synthesizeStage('prod', { production: true });
const streaming = synthesizeStage('prod', { production: true, upstreamStreaming: true });

/** Path and verb of every method, with its integration. */
function integrations({ api }: SynthesizedStage): [string, Properties][] {
  const resources = new Map(resourcesOf(api, 'AWS::ApiGateway::Resource'));
  const pathOf = (id: string): string => {
    const { ParentId, PathPart } = resources.get(id) ?? {};
    return PathPart === undefined ? '' : `${pathOf(ParentId.Ref)}/${PathPart}`;
  };
  return resourcesOf(api, 'AWS::ApiGateway::Method').map(([, { HttpMethod, ResourceId, Integration }]) => [
    `${HttpMethod} ${pathOf(ResourceId.Ref)}`,
    Integration,
  ]);
}

const streamed = (stage: SynthesizedStage): [string, Properties][] =>
  integrations(stage).filter(([, { ResponseTransferMode }]) => ResponseTransferMode !== undefined);

test('without upstreamStreaming no integration streams', () => {
  expect(streamed(plain)).toEqual([]);
  expect(JSON.stringify(plain.api.toJSON())).not.toMatch(/response-streaming-invocations|UPSTREAM_STREAMING/);
});

test('with upstreamStreaming the three methods that forward stream, and no other', () => {
  const found = streamed(streaming);
  expect(found.map(([method]) => method).sort()).toEqual(STREAMING.map((path) => `ANY ${path}`));
  for (const [, { ResponseTransferMode, Type, Uri }] of found) {
    expect([ResponseTransferMode, Type]).toEqual(['STREAM', 'AWS_PROXY']);
    expect(JSON.stringify(Uri)).toMatch(/:lambda:path\/2021-11-15\/functions\/.*\/response-streaming-invocations/);
  }
});

test.each([
  [undefined, 303],
  [30, 33],
  [840, 843],
])('a stream of up to %s s has the function and the integration end together, after %d s', (seconds, timeout) => {
  const stage = synthesizeStage('prod', {
    production: true,
    upstreamStreaming: true,
    ...(seconds !== undefined && { upstreamStreamingSeconds: seconds }),
  });
  expect(streamed(stage).map(([, { TimeoutInMillis }]) => TimeoutInMillis)).toEqual(Array(3).fill(timeout * 1_000));
  const functions = resourcesOf(stage.api, 'AWS::Lambda::Function').filter(
    ([, { Environment }]) => Environment?.Variables[environment.upstreamStreaming] === 'true',
  );
  expect(functions.map(([, { Timeout }]) => Timeout)).toEqual(Array(3).fill(timeout));
  expect(functions.every(([id]) => /^(Widget|Analytics|DataRouter)Endpoint/.test(id))).toBe(true);
});

test('turning it on makes a new deployment of the API: without one, stages go on as before', () => {
  const deploymentOf = ({ api }: SynthesizedStage) =>
    resourcesOf(api, 'AWS::ApiGateway::Deployment').map(([logicalId]) => logicalId);
  expect(deploymentOf(streaming)).not.toEqual(deploymentOf(plain));
});
