import { ringRotation } from '../composition/shops.ts';
import { rotationHandler } from './rotation.ts';

/** The ring that shop keys, security tokens and sessions are sealed with. */
export const handler = rotationHandler(ringRotation(), 'ring_rotation');
