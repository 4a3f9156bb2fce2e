import type { PublicErrorOf } from '#contract/public-api.ts';
import { authorizer, type Verdict } from '../platform/authorizer.ts';
import { nowSeconds, required } from '../platform/environment.ts';
import { logAuditDelay } from '../platform/log.ts';
import { headerValues, type MultiValueHeaders } from '../platform/request.ts';
import { widgetAuthorization } from '../shops/compose.ts';
import { authorizeWidgetCall, type WidgetDecision, whyRefused } from './authorize-widget-call.ts';
import { widgetContextOf } from './verified-identity.ts';

const { shops, tally } = widgetAuthorization(logAuditDelay);

/** Decides on every widget call. */
export const handler = authorizer({
  functionName: 'widget-authorizer',
  tree: required('protectedTree'),
  tally,
  decide: ({ multiValueHeaders }) => {
    const headers = multiValueHeaders as MultiValueHeaders;
    const call = { tokens: headerValues(headers, 'x-widget-token'), origins: headerValues(headers, 'origin') };
    const decision = authorizeWidgetCall(call, shops, nowSeconds());
    return decision instanceof Promise ? decision.then(verdictOf) : verdictOf(decision);
  },
});

function verdictOf(decided: WidgetDecision): Verdict {
  if (decided.outcome === 'allowed')
    return { kind: 'allow', principalId: decided.shopId, context: widgetContextOf(decided), counted: 'allowed' };
  const { outcome, shopId } = decided;
  const filed = { code: whyRefused(decided), shopId, ...('origins' in decided && { origins: decided.origins }) };
  if (outcome === 'unauthorized') return { kind: outcome, filed };
  if (outcome === 'corrupt_record') return { kind: outcome, shopId };
  const leaked = outcome === 'api_key_in_browser' && { leakedKeyId: decided.keyId };
  return {
    kind: 'deny',
    code: outcome satisfies PublicErrorOf<'call-widget-api'>,
    principalId: shopId ?? 'unknown',
    filed,
    ...leaked,
  };
}
