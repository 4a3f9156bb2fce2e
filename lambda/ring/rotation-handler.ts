import { setTimeout } from 'node:timers/promises';
import type { Context, SecretsManagerRotationEvent } from 'aws-lambda';
import { limits } from '#contract/limits.ts';
import { nowSeconds } from '../platform/environment.ts';
import { log } from '../platform/log.ts';
import { dropOldRingKeys, type RingRotation, rotationSteps } from './rotate-ring.ts';

/** Part of the function's time that a step reserves to end in order. */
const RESERVE_MILLISECONDS = 5_000;

/** The event of an operator after a leak. */
interface DropEvent {
  readonly Step: 'dropOldKeys';
}

type RotationHandler = (event: SecretsManagerRotationEvent | DropEvent, context: Context) => Promise<void>;

/**
 * For a function that Secrets Manager invokes once for each step, and again when it throws; or that an operator
 * invokes.
 */
export const rotationHandler =
  (rotation: RingRotation, logged: 'ring_rotation' | 'signing_key_rotation'): RotationHandler =>
  async (event, context) => {
    const { Step } = event;
    const run = Step === 'dropOldKeys' ? dropOldRingKeys : rotationSteps[Step];
    const { resealed, unopenable } = await run(rotation, {
      versionId: 'ClientRequestToken' in event ? event.ClientRequestToken : '',
      nowSeconds: nowSeconds(),
      letReadersRefresh: () => setTimeout((limits.ringRefreshSeconds + 1) * 1_000),
      hasTime: () => context.getRemainingTimeInMillis() > RESERVE_MILLISECONDS,
    });
    const requestId = context.awsRequestId;
    for (const shopId of unopenable) log('error', { event: 'corrupt_record', requestId, shopId });
    log('info', { event: logged, requestId, action: Step, count: resealed });
  };
