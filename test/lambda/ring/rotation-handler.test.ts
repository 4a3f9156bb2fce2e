import type { Context } from 'aws-lambda';
import type { RingRotation, StepContext } from '#lambda/ring/rotate-ring.ts';
import { rotationHandler } from '#lambda/ring/rotation-handler.ts';
import { memoryRotation } from '#test/support/rotation.ts';

let written: string;
beforeEach(() => {
  written = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
});
afterEach(() => jest.restoreAllMocks());

const event = { SecretId: 'arn:ring', ClientRequestToken: 'v1' } as const;
const contextWith = (milliseconds: number): Context =>
  ({ awsRequestId: 'request-1', getRemainingTimeInMillis: () => milliseconds }) as Context;
const lines = () => written.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));

test.each([
  [5_001, true],
  [5_000, false],
  [0, false],
])('with %d ms left of its time a step has time to go on: %j', async (milliseconds, hasTime) => {
  const seen: boolean[] = [];
  const rotation: RingRotation = {
    ...memoryRotation(),
    reseal: async (_ring, step: StepContext) => {
      seen.push(step.hasTime());
      return { resealed: 3, unopenable: [] };
    },
  };
  await rotationHandler(rotation, 'ring_rotation')({ ...event, Step: 'testSecret' }, contextWith(milliseconds));
  expect(seen).toEqual([hasTime]);
  expect(lines()).toMatchObject([{ event: 'ring_rotation', requestId: 'request-1', action: 'testSecret', count: 3 }]);
});

test('each shop that no key opens is logged, and the step with what it did', async () => {
  const rotation: RingRotation = {
    ...memoryRotation(),
    reseal: async () => ({ resealed: 1, unopenable: ['shop_a', 'shop_b'] }),
  };
  await rotationHandler(rotation, 'ring_rotation')({ ...event, Step: 'testSecret' }, contextWith(60_000));
  expect(lines().map(({ event, requestId, shopId, count }) => [event, requestId, shopId ?? count])).toEqual([
    ['corrupt_record', 'request-1', 'shop_a'],
    ['corrupt_record', 'request-1', 'shop_b'],
    ['ring_rotation', 'request-1', 1],
  ]);
});
