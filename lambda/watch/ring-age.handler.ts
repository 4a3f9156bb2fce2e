import { writeMeasurement } from '../platform/metrics.ts';
import { ringAges } from './compose.ts';

const agesInDays = ringAges();

/** Invoked by the calendar. A failure is Lambda's own metric, and it is run again. */
export async function handler(): Promise<void> {
  writeMeasurement('ring-age', await agesInDays());
}
