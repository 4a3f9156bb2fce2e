import { writeMeasurement } from '../platform/metrics.ts';
import { ringAges } from './compose.ts';

const agesInDays = ringAges();

/** Invoked on a schedule. Lambda's own metric counts a failure, and Lambda runs it again. */
export async function handler(): Promise<void> {
  writeMeasurement('ring-age', await agesInDays());
}
