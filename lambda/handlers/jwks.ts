import { signingKeys } from '../composition/forwarding.ts';
import { limits } from '../contract/limits.ts';
import { publicKeysOf } from '../forwarding/signing-keys.ts';
import { httpHandler } from '../http/chain.ts';
import { answer } from '../http/responses.ts';

const ring = signingKeys();

/** GET /.well-known/jwks.json: the public keys by which upstreams verify assertions. */
export const handler = httpHandler(
  async ({ requestContext: { requestId } }) =>
    answer(publicKeysOf(await ring.keys()), requestId, {
      'Cache-Control': `public, max-age=${limits.publicKeysCacheSeconds}`,
    }),
  { functionName: 'jwks', outcome: 'public_keys_shown' },
);
