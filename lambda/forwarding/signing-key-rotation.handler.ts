import { rotationHandler } from '../ring/rotation-handler.ts';
import { signingKeyRotation } from './compose.ts';

/** The keys that assertions are signed with. */
export const handler = rotationHandler(signingKeyRotation(), 'signing_key_rotation');
