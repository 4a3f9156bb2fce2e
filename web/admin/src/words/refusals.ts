import type { ErrorCode } from '../../../../lambda/contract/errors.ts';
import type { LocalCode } from '../api/answer.ts';

/**
 * What every refusal says to an administrator at the console: what is the matter, and what to do. Some reach only widgets and servers; they
 * are met in the audit trail.
 */
export const refusalWords: Readonly<Record<ErrorCode | LocalCode, string>> = {
  // Between this page and the gate
  no_network:
    'The gate did not answer. Check your connection and VPN, then try again; if it was a change, look first whether it was made.',
  no_gate:
    'Something between this page and the gate answered in its place, perhaps a proxy. Reload the page, or ask who runs the network.',
  insecure_page:
    'This page was not loaded over HTTPS, so the browser will not sign here. Open the console with https://.',
  challenge_refused:
    'Nothing was signed, because the gate asked to sign what no login needs. Check the address of this page before you try again.',
  // Who you are
  unauthorized: 'Your session is over. Log in again; you will come back to where you were.',
  login_failed:
    'The login could not be proven. Check that the user name belongs to this access key, that the key is active, and that it is a user’s own key rather than a temporary one.',
  not_in_admin_group:
    'You have proven who you are, but you are not in the administrators’ group. Have somebody who manages IAM run this line, then log in again:',
  cross_site_request:
    'The gate took this for a call from another site. Open the console at the gate’s own address and try again.',
  forbidden: 'A firewall in front of the gate refused the call. Ask who runs it to let your address through.',
  // What you asked for
  invalid_json:
    'The gate could not read what this page sent. Reload the page; if it happens again, the console and the gate are of different versions.',
  invalid_request: 'The gate does not accept one of the values. Correct it and send again.',
  ids_malformed:
    'A server or page sent X-User-Id, X-App-Id or X-Client-Id twice, or with characters that no ID has. It should send each once, in printable ASCII.',
  dev_ids_missing: 'A page sent a dev key without X-User-Id or X-App-Id. It should send both with the key.',
  bad_request: 'The gate could not make sense of the call. Reload the page and try again.',
  invalid_path: 'An id in the address has characters that no id has. Go back to the list and open it from there.',
  not_found: 'The gate has no such call. Reload the page: console and gate are of different versions.',
  request_too_large: 'That is more than the gate reads in one call. Send less, for instance fewer origins at a time.',
  conflicting_aliases: 'A server sent one value under two names, differently. Its developers should send one of them.',
  invalid_expires_in:
    'A server asked for a life that the key does not allow. Have it ask for less, or make a key with a longer limit.',
  // Addresses
  not_a_url: 'This is not a web address. Enter it with scheme and host, such as https://shop.example.com.',
  not_https: 'Only https:// addresses are accepted; http:// works for localhost alone, outside production.',
  not_an_origin:
    'Enter only scheme, host and port, such as https://shop.example.com: no user name, path, query or fragment.',
  app_origin:
    'This is the origin of an app, which many apps share. Put it among the origins exactly as the app sends it, and check the box for apps.',
  ip_literal: 'Use a host name instead of an IP address.',
  single_label_host: 'The host name needs a dot in it, as in shop.example.com.',
  loopback_in_production:
    'A production gate does not accept localhost. Use a development stage, or check the box for apps if https://localhost is the origin of an Android app.',
  malformed_host:
    'The host name is malformed or mixes scripts. A star is allowed only at the very front; a name that is meant so can be entered in Punycode (xn--…).',
  too_long: 'That is too long: an origin has 261 characters at most.',
  // Shops, keys and origins
  shop_not_found:
    'There is no shop with this id at this gate. It may belong to another stage; look at the list of shops.',
  service_key_not_found: 'There is no service key with this id at this gate. Look at the list of service keys.',
  request_not_found:
    'The trail of the last seven days does not have this request. It holds every change, and of refused calls the first ten of each shop, reason and minute.',
  unknown_origin: 'The shop does not have this origin any more. Look at the list again.',
  version_conflict:
    'Somebody else changed it at this very moment, so nothing was done. Look at it again, then repeat if it is still needed.',
  precondition_failed:
    'Somebody changed it since you opened this page, so nothing was done. Look at it as it is now, then repeat if it is still needed.',
  rotation_in_progress:
    'An earlier key still verifies tokens, so a third one has no room. Wait until it ends, or stop it now with this rotation.',
  no_rotation_in_progress: 'No old key is in its overlap any more, so there is nothing to retire or to take back.',
  key_not_live: 'This key has ended or is about to. Look for its successor in the list.',
  nothing_to_undo: 'There is no revocation that could be taken back: only the last one can, and only once.',
  too_many_origins: 'A shop has 50 origins at most. Remove some first, or use a pattern such as https://*.example.com.',
  too_many_service_keys: 'There are 100 live service keys, the most there may be. Revoke those that nobody uses.',
  id_taken: 'The generated ID is already in use. Send the form again.',
  client_token_reused:
    'An earlier request with the same clientToken created another shop. Reload the page, look for that shop in the list, then send the form again.',
  shop_not_deletable: 'A shop can be deleted only after it has been disabled for 24 hours.',
  dev_keys_disabled:
    'This stage takes no dev keys. Whoever deploys it can allow them with devKeys, except in production.',
  key_without_origins:
    'This analytics key has no origins, so no session can be bound to it. Make one with the origins of the pages.',
  // What widgets and servers meet
  invalid_api_key:
    'A server sent no API key, one that has ended, or one for another kind of route or stage. Give it a current key of the kind that the route requires.',
  invalid_temp_token:
    'A page sent a temp token that was used, expired or unknown. Its server should fetch one for each page, and it should be exchanged within a minute.',
  no_session: 'A page called without a live session. It should exchange a new temp token.',
  origin_not_allowed:
    'A page of an origin that is not allowed called. If it is one of yours, add the origin to the shop, or use an analytics key that allows it.',
  wrong_app: 'A credential was used for another app than its own. The server should get one for that app.',
  wrong_shop: 'A server used the key of one shop with the id of another. It should use the id that came with the key.',
  shop_disabled: 'The shop is disabled. Enable it on its page if its calls should pass.',
  issuing_paused: 'Issuing is paused for the shop. Resume it on its page if it should get new tokens.',
  api_key_in_browser:
    'A browser sent a server’s API key, or a caller sent it in place of a token: the key is probably in a page. Rotate it now, with no overlap if you can, and keep the new one on the server.',
  token_too_large: 'A server asked for a token that would not fit into a header. It should put less into it.',
  // The machinery
  too_many_requests: 'That was too much at once, and nothing was done. Wait a moment and try again.',
  upstream_failed: 'The service behind the gate gave no usable answer. Ask whoever runs that service.',
  upstream_unavailable:
    'The service behind the gate stopped responding, so calls to it are paused. Ask its operator, and retry in a minute.',
  service_unavailable:
    'Something that the gate depends on did not answer. Wait a moment, look whether your change was made, then try again. If it lasts, look at the status page and at AWS’s.',
};
