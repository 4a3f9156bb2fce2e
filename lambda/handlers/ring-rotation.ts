import { setTimeout } from 'node:timers/promises';
import type { Context, SecretsManagerRotationEvent } from 'aws-lambda';
import { nowSeconds } from '../composition/environment.ts';
import { ringRotation } from '../composition/shops.ts';
import { limits } from '../contract/limits.ts';
import { log } from '../http/log.ts';
import { rotationSteps } from '../services/rotate-ring.ts';

const rotation = ringRotation();

/** What a step keeps back to end in order. */
const RESERVE_MILLISECONDS = 5_000;

/** Invoked by Secrets Manager, once for each step; it repeats a step that throws. */
export async function handler(
  { Step, ClientRequestToken }: SecretsManagerRotationEvent,
  context: Context,
): Promise<void> {
  const { resealed, unopenable } = await rotationSteps[Step](rotation, {
    versionId: ClientRequestToken,
    nowSeconds: nowSeconds(),
    letReadersRefresh: () => setTimeout((limits.ringRefreshSeconds + 1) * 1_000),
    hasTime: () => context.getRemainingTimeInMillis() > RESERVE_MILLISECONDS,
  });
  const requestId = context.awsRequestId;
  for (const shopId of unopenable) log('error', { event: 'corrupt_record', requestId, shopId });
  log('info', { event: 'ring_rotation', requestId, action: Step, count: resealed });
}
