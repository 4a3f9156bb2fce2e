import { rotationHandler } from '../ring/rotation-handler.ts';
import { ringRotation } from './compose.ts';

/** The ring that shop keys, security tokens and sessions are sealed with. */
export const handler = rotationHandler(ringRotation(), 'ring_rotation');
