import type { PublicErrorOf } from '#contract/public-api.ts';
import { protectedTrees } from '#contract/routes.ts';
import { authorizer } from '../platform/authorizer.ts';
import { nowSeconds } from '../platform/environment.ts';
import { logAuditDelay, logKeyUseFailure } from '../platform/log.ts';
import type { MultiValueHeaders } from '../platform/request.ts';
import { presentedKeys } from '../platform/server-call.ts';
import { authenticateServiceKey } from './authenticate-service-key.ts';
import { dataRouterAuthorization } from './compose.ts';

const { lookup, tally } = dataRouterAuthorization(logKeyUseFailure, logAuditDelay);

/** Decides on every data router call: it needs a live data-router key, and no browser may send it. */
export const handler = authorizer({
  functionName: 'data-router-authorizer',
  tree: protectedTrees['data-router-key'],
  tally,
  decide: async ({ multiValueHeaders }) => {
    const call = presentedKeys(multiValueHeaders as MultiValueHeaders, 'x-api-key');
    const authenticated = await authenticateServiceKey(call, 'data-router', lookup, nowSeconds());
    if (authenticated.ok) {
      const { keyId } = authenticated.value;
      return { kind: 'allow', principalId: keyId, context: { keyId }, counted: 'data_router_allowed' };
    }
    const filed = { code: authenticated.reason };
    if (authenticated.reason === 'invalid_api_key') return { kind: 'unauthorized', filed };
    const { reason: code, keyId } = authenticated;
    return {
      kind: 'deny',
      code: code satisfies PublicErrorOf<'call-data-router'>,
      principalId: keyId,
      filed,
      leakedKeyId: keyId,
    };
  },
});
