import { signingKeyRotation } from '../composition/forwarding.ts';
import { rotationHandler } from './rotation.ts';

/** The keys that assertions are signed with. */
export const handler = rotationHandler(signingKeyRotation(), 'signing_key_rotation');
