import { rotationHandler } from '../ring/rotation-handler.ts';
import { ringRotation } from './compose.ts';

/** The ring that seals shop keys, security tokens and sessions. */
export const handler = rotationHandler(ringRotation(), 'ring_rotation');
