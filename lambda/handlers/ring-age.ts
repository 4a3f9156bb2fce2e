import { ringAges } from '../composition/watchers.ts';
import { writeMeasurement } from '../http/measure.ts';

const agesInDays = ringAges();

/** Invoked by the calendar. A failure is Lambda's own metric, and it is run again. */
export async function handler(): Promise<void> {
  writeMeasurement('ring-age', await agesInDays());
}
