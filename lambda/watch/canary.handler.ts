import { now } from '../platform/environment.ts';
import { errorNames, log } from '../platform/log.ts';
import { writeMeasurement } from '../platform/metrics.ts';
import { canaryTarget } from './compose.ts';
import { runSmoke, send } from './smoke.ts';

const target = canaryTarget();

/** Invoked on a schedule. It never fails: a check that could not run is a failed check, and an alarm watches those. */
export async function handler(): Promise<void> {
  const passed = await check();
  writeMeasurement('canary', { smoke_passed: Number(passed), smoke_failed: Number(!passed) });
}

async function check(): Promise<boolean> {
  try {
    const { ok, steps } = await runSmoke(await target(), send, now);
    for (const { name, requestId } of steps.filter((step) => !step.ok))
      log('error', { event: 'smoke_failed', action: name, ...(requestId !== undefined && { requestId }) });
    return ok;
  } catch (error) {
    log('error', { event: 'smoke_failed', ...errorNames(error) });
    return false;
  }
}
