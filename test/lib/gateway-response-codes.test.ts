import { errors } from '#contract/errors.ts';
import { gatewayResponses } from '#contract/gateway-responses.ts';

/** "Gateway response types for API Gateway": the refusals that have a status of their own; a Deny brings its own code. */
test.each([
  ['UNAUTHORIZED', 401],
  ['INVALID_API_KEY', 403],
  ['INVALID_SIGNATURE', 403],
  ['EXPIRED_TOKEN', 403],
  ['WAF_FILTERED', 403],
  ['BAD_REQUEST_BODY', 400],
  ['BAD_REQUEST_PARAMETERS', 400],
  ['RESOURCE_NOT_FOUND', 404],
  ['REQUEST_TOO_LARGE', 413],
  ['THROTTLED', 429],
  ['QUOTA_EXCEEDED', 429],
] as const)('%s of API Gateway is answered with %i', (type, status) => {
  expect(errors[gatewayResponses[type]].status).toBe(status);
});
