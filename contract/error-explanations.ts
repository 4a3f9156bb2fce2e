import type { ErrorCode } from './errors.ts';
import { type Explanation, explanations } from './explanations.ts';

/** Why codes occur that are not a reason in the audit trail, and what to do. */
const others = {
  invalid_json: {
    why: 'The request body is not JSON, is not an object, repeats a member, or is nested more than 16 levels deep.',
    remedy: 'Send one JSON object, as a JSON library writes it.',
  },
  invalid_request: {
    why: 'A body member, query parameter, path parameter or header has another form than the operation accepts. The message names it and its form.',
    remedy:
      'Correct the value that the message names. Members and parameters that the operation does not know are rejected.',
  },
  conflicting_aliases: {
    why: 'The body has an ID in two spellings, such as userid and userId, with different values.',
    remedy: 'Send each ID in one spelling.',
  },
  invalid_expires_in: {
    why: 'expiresIn has no unit, is not a whole number, or is longer than the API key allows. A value that is too long is rejected, not shortened.',
    remedy: 'Send a value within the maximum that the message names, or omit expiresIn.',
  },
  invalid_path: {
    why: 'Gate, upstream and servers in between could read the path differently, so it is not forwarded.',
    remedy: 'Call the path in its normal form: without . and .. segments, encoded slashes and malformed escapes.',
  },
  bad_request: {
    why: 'API Gateway rejected the request before it reached the gate.',
    remedy: 'Check the request line, the headers and the encoding of the query string.',
  },
  not_a_url: {
    why: 'The text is not a web address, or has no host.',
    remedy: 'Send an address such as https://shop.example.com.',
  },
  not_https: {
    why: 'The address has another scheme than https.',
    remedy: 'Send the https address of the shop. In a development stage, http://localhost is accepted.',
  },
  not_an_origin: {
    why: 'The address has more than scheme, host and port. Browsers send only these in the Origin header.',
    remedy: 'Remove user name, path, query and fragment.',
  },
  app_origin: {
    why: 'Origins such as capacitor://localhost are the same for many apps, so they are stored only on request.',
    remedy: 'Send the origin unchanged and set app to true, if every app with this origin may call.',
  },
  ip_literal: {
    why: 'The host is an IP address.',
    remedy: 'Give the host a name and send that.',
  },
  single_label_host: {
    why: 'The host name has no dot, so it is not a public name.',
    remedy: 'Send the full name.',
  },
  loopback_in_production: {
    why: 'The address leads to the machine of the user, and the stage is a production stage.',
    remedy: 'Use a development stage. For an app whose origin is https://localhost, set app to true.',
  },
  malformed_host: {
    why: 'The host name is not valid, or mixes scripts so that it looks like another name.',
    remedy: 'Check the spelling. Send the Punycode form if the name is right.',
  },
  too_long: {
    why: 'The address or its origin is longer than the gate stores.',
    remedy: 'Send the origin alone.',
  },
  unauthorized: {
    why: 'No credential was sent, or it is not valid. The response does not say why, so that a stranger learns nothing; the audit trail does.',
    remedy:
      'Get a new credential. If that does not help, give the requestId to an administrator, who runs widget-gate explain.',
  },
  login_failed: {
    why: 'AWS did not confirm the signature, or the challenge or link has expired or was used before.',
    remedy: 'Log in again. Check that user name and access key belong to the same IAM user of the account of the gate.',
  },
  not_in_admin_group: {
    why: 'The access key is valid, but its IAM user is not in the group of System Administrators.',
    remedy: 'Run the command in the message, as someone who may change the group.',
  },
  cross_site_request: {
    why: 'The request could come from a page of another site: X-Requested-With is missing, or Origin or Sec-Fetch-Site names another site.',
    remedy: 'Send X-Requested-With with any value, and call from a page of the gate or without a browser.',
  },
  key_without_origins: {
    why: 'Sessions work only on pages of the origins that the analytics key allows, and this key allows none.',
    remedy: 'Create an analytics key with allowedOrigins and use it.',
  },
  forbidden: {
    why: 'API Gateway or AWS WAF refused the request, for example because of a rate rule or of credentials of AWS in it.',
    remedy: 'Ask the operator of the gate to look into the log of API Gateway or AWS WAF.',
  },
  not_found: {
    why: 'The gate has no such route, or the route does not have this method.',
    remedy:
      'Compare method and path with the OpenAPI document. Check that the address includes the stage, as the stack output ApiUrl does.',
  },
  shop_not_found: {
    why: 'The gate has no shop with this ID, or the shop was deleted.',
    remedy: 'Find the ID with widget-gate shops list. Check that the gate is that of the right stage.',
  },
  service_key_not_found: {
    why: 'The gate has no service key with this ID.',
    remedy: 'Find the ID with widget-gate service-keys list.',
  },
  request_not_found: {
    why: 'The trail has no entry with this request ID: the request was allowed, is older than 7 days, or was one of many refused in the same minute.',
    remedy: 'Repeat the request and use the requestId of the new response.',
  },
  search_stopped: {
    why: 'The search for the audit entry of this request took longer than one call may take.',
    remedy: 'Query the audit trail of the shop or of the time that the call was made at.',
  },
  unknown_origin: {
    why: 'The shop does not list this origin, so it cannot be removed.',
    remedy: 'Show the shop, and send the origin as the list has it.',
  },
  version_conflict: {
    why: 'Two administrators changed the resource at the same time. The other change was made, this one was not.',
    remedy: 'Fetch the resource, check it, and repeat the request.',
  },
  rotation_in_progress: {
    why: 'At most two keys of a shop verify tokens, and tokens of the earlier key have not expired yet.',
    remedy: 'Wait, or set force to true: tokens of the earlier key then stop at once.',
  },
  no_rotation_in_progress: {
    why: 'The shop has only one key that issues tokens.',
    remedy: 'Nothing needs to be done.',
  },
  key_not_live: {
    why: 'The service key was revoked, has ended, or was rotated.',
    remedy: 'Use the key in successorId, or create a new one.',
  },
  nothing_to_undo: {
    why: 'No tokens were revoked, or the last revocation was undone already.',
    remedy: 'Nothing needs to be done.',
  },
  too_many_origins: {
    why: 'The shop would have more origins than the limit. A URL counts twice: with and without www.',
    remedy: 'Remove origins, or store a pattern such as https://*.example.com.',
  },
  too_many_service_keys: {
    why: 'The stage has as many active service keys as the limit allows.',
    remedy: 'List the keys with their last use, and revoke those that nobody uses.',
  },
  id_taken: {
    why: 'A new random ID was already in use, which almost never happens.',
    remedy: 'Repeat the request.',
  },
  client_token_reused: {
    why: 'The clientToken belongs to an earlier request with other values.',
    remedy: 'Use a new clientToken for each shop. Repeat a request unchanged if its response was lost.',
  },
  shop_not_deletable: {
    why: 'The shop is enabled, or was disabled less than 24 hours ago.',
    remedy: 'Disable the shop, and delete it after the time that the message names.',
  },
  precondition_failed: {
    why: 'If-Match names a version that the resource no longer has, or only weak tags.',
    remedy: 'Fetch the resource, check it, and repeat the request with its new ETag.',
  },
  request_too_large: {
    why: 'The body is larger than the route accepts, or the headers are larger than API Gateway accepts.',
    remedy: 'Send less. The limits page lists the limits.',
  },
  token_too_large: {
    why: 'A security token must fit into a header, and a session into a cookie. The message names the largest member.',
    remedy: 'Shorten the members of the request body, or leave out what the upstream can look up.',
  },
  too_many_requests: {
    why: 'The route, or this address on the routes of administrators, has reached its limit.',
    remedy: 'Wait for the number of seconds in Retry-After, and send fewer requests.',
  },
  upstream_failed: {
    why: 'The upstream did not answer in time, or its response cannot be passed on. The trail has the exact reason.',
    remedy: 'Run widget-gate explain with the requestId, or widget-gate doctor.',
  },
  upstream_unavailable: {
    why: 'Several calls in a row timed out, so the gate stopped calling the upstream for some seconds.',
    remedy: 'Wait for the number of seconds in Retry-After. Look for slow requests in the log of the upstream.',
  },
  service_unavailable: {
    why: 'A store, the ring or IAM did not respond. The gate then neither allows nor refuses a call.',
    remedy:
      'Wait for the number of seconds in Retry-After. If it goes on, the operator looks at the alarms and the logs of the functions.',
  },
} as const satisfies Record<Exclude<ErrorCode, keyof typeof explanations>, Explanation>;

/** Why each refusal occurs, and what to do. */
export const errorExplanations: Readonly<Record<ErrorCode, Explanation>> = { ...explanations, ...others };
