import { limits } from '#contract/limits.ts';
import { httpHandler } from '../platform/chain.ts';
import { answer } from '../platform/responses.ts';
import { signingKeys } from './compose.ts';
import { publicKeysOf } from './signing-keys.ts';

const ring = signingKeys();

/** GET /.well-known/jwks.json: the public keys that upstreams verify assertions with. */
export const handler = httpHandler(
  async ({ requestContext: { requestId } }) =>
    answer(publicKeysOf(await ring.keys()), requestId, {
      'Cache-Control': `public, max-age=${limits.publicKeysCacheSeconds}`,
    }),
  { functionName: 'jwks', outcome: 'public_keys_shown' },
);
