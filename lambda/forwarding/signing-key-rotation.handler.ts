import { rotationHandler } from '../ring/rotation-handler.ts';
import { signingKeyRotation } from './compose.ts';

/** The keys that sign assertions. */
export const handler = rotationHandler(signingKeyRotation(), 'signing_key_rotation');
