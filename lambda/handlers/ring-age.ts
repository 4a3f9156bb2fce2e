import { ringAge } from '../composition/watchers.ts';
import { writeMeasurement } from '../http/measure.ts';

const ageInDays = ringAge();

/** Invoked by the calendar. A failure is Lambda's own metric, and it is run again. */
export async function handler(): Promise<void> {
  writeMeasurement('ring-age', { ring_age_days: Math.round((await ageInDays()) * 100) / 100 });
}
