import type { UpstreamFailure } from './forwarding.ts';

/** Why a call was refused and what to do, for people. */
export interface Explanation {
  readonly why: string;
  readonly remedy: string;
}

/** What a revocation of a shop's tokens cannot end: for the administrator who makes one. */
export const FAST_CLOCKS =
  "A server that signs tokens with a fast clock may have stamped some up to 300 seconds ahead. The gate refuses them until its clock reaches their stamp, and accepts them from then on. To end them for good, reset the shop's keys.";

/** By the reason in the audit trail, or of an inspected token. */
export const explanations = {
  ok: { why: 'The token is accepted.', remedy: 'Nothing needs to be done.' },
  malformed: {
    why: 'The token is missing, was sent twice, or is not a widget token in its canonical form.',
    remedy: 'Send the token exactly as the issue call returned it, in one X-Widget-Token header.',
  },
  expired: {
    why: 'The token is older than 24 hours.',
    remedy:
      "Issue a new token. The shop's server should do so every 23 hours, and caches of its pages must not keep a token longer.",
  },
  not_yet_valid: {
    why: "The token is stamped more than five minutes ahead of the gate's clock.",
    remedy: 'Set the clock of the server that signs the token, or let the gate issue it.',
  },
  unknown_shop: {
    why: 'The token names a shop that this deployment does not have.',
    remedy: 'Check that the token comes from this stage and not from another one.',
  },
  bad_signature: {
    why: 'No key of the shop verifies the token: it was changed, or signed with another key or one that has ended.',
    remedy: 'Issue a new token with the current key of the shop.',
  },
  signed_by_retired_key: {
    why: 'The token was signed by a key that no longer verifies it.',
    remedy: 'Issue a new token with the current key of the shop.',
  },
  revoked: {
    why: 'The tokens of the shop were revoked. A token that is stamped ahead of the clock may have been made before that, so it is refused until the clock reaches its stamp.',
    remedy: 'Issue a new token, set the clock of the server that signs it, or undo the revocation.',
  },
  shop_disabled: { why: 'The shop is disabled.', remedy: 'Enable the shop.' },
  issuing_paused: { why: 'Issuing is paused for the shop.', remedy: 'Resume issuing.' },
  origin_not_allowed: {
    why: 'The calling page has an origin that its shop, its stage or its analytics key does not allow.',
    remedy: 'Add the origin to the shop, use an analytics key that allows it, or correct the address of the page.',
  },
  origin_missing: {
    why: 'The shop or the session cookie requires an Origin header, and none was sent.',
    remedy: 'Call from a page. For a shop, you can also set requireOrigin to false.',
  },
  corrupt_record: {
    why: 'The record of the shop cannot be read.',
    remedy: 'Restore the record from a backup. Other shops are not affected.',
  },
  invalid_api_key: {
    why: 'The API key is missing, malformed, unknown, has ended, or is for another kind of route or stage.',
    remedy:
      'Send a current key of the kind that the route requires in its header: X-Shop-API-Key for shops, X-API-Key for service keys. Create a new key if it is lost.',
  },
  wrong_shop: {
    why: 'The API key is valid but does not belong to the shop in the path.',
    remedy: 'Use the shop ID that came with the key.',
  },
  api_key_in_browser: {
    why: 'A browser sent the API key, or a caller sent it in place of a token, so the key is probably in a page.',
    remedy:
      'Rotate the key now, and keep the new one on its server. The log line api_key_in_browser has the short id of the key.',
  },
  credential_missing: {
    why: 'The analytics call had no security token, API key or session cookie.',
    remedy: 'Send the security token in Authorization, or begin a session and send its cookie.',
  },
  credential_malformed: {
    why: 'The token or cookie was changed, comes from another stage or was sent twice, or the X-Requested-With header is missing.',
    remedy: 'Send exactly what the gate returned, once. With a cookie, also send the X-Requested-With header.',
  },
  token_expired: {
    why: 'The security token has expired.',
    remedy: 'Issue a new one on the server. The member expiresIn sets its lifetime.',
  },
  token_revoked: {
    why: 'The tokens of its user, app, client or analytics key were revoked.',
    remedy: 'If the user may still call, issue a new token on the server.',
  },
  no_session: {
    why: 'The session has ended: it timed out, the user signed out, or it was revoked.',
    remedy: 'Fetch a new temp token on the server, and exchange it.',
  },
  invalid_temp_token: {
    why: 'The temp token is unknown, used, expired or revoked.',
    remedy: 'Exchange each temp token once, within 60 seconds.',
  },
  wrong_app: {
    why: 'The credential is not valid for the app in the request, or it is limited to certain apps and X-App-Id is missing.',
    remedy: 'Use a credential for that app, or specify the app in X-App-Id.',
  },
  dev_keys_disabled: {
    why: 'A dev key was sent to a stage in which dev keys are disabled.',
    remedy: 'Use a security token or a session. Dev keys are for development only.',
  },
  dev_page_not_allowed: {
    why: 'A dev key was sent without an Origin header, or from an origin that is neither a loopback address nor in the allowed origins of the key.',
    remedy: 'Open the page from localhost, or create a dev key for its origin.',
  },
  ids_malformed: {
    why: 'X-User-Id, X-App-Id or X-Client-Id was sent twice with different values, or is not 1 to 256 printable ASCII characters.',
    remedy: 'Send each header once, in printable ASCII, with no space at either end.',
  },
  dev_ids_missing: {
    why: 'A dev key was sent without X-User-Id or X-App-Id.',
    remedy: 'Send both headers with the key.',
  },
  upstream_refused: {
    why: 'The upstream refused the connection, or cannot be reached over the network.',
    remedy:
      'Check that the upstream runs, listens on the port of its URL, and is reachable from the network of the gate.',
  },
  upstream_reset: {
    why: 'The upstream closed the connection before it answered. It may have carried out the call.',
    remedy: 'Look for a crash or a restart in the log of the upstream. Let it keep idle connections open for longer.',
  },
  upstream_dns: {
    why: 'The host name of the upstream does not resolve.',
    remedy: 'Correct the URL of the upstream in the stage, or its DNS record.',
  },
  upstream_certificate: {
    why: 'The TLS certificate of the upstream has expired, is for another host name, or was issued by an authority that is not trusted; or the upstream does not support TLS.',
    remedy: 'Install a valid certificate for the host name in the URL of the upstream.',
  },
  upstream_timeout: {
    why: 'The upstream did not return its whole response in time. Where the stage streams: it returned no head in time, or was silent for too long.',
    remedy: 'Look for slow requests in the log of the upstream.',
  },
  upstream_malformed: {
    why: 'The upstream returned something that is not a valid HTTP response, or a redirect that cannot pass.',
    remedy:
      'Check that the URL of the upstream names a web server, and that its redirects stay below that URL or lead to public addresses. A request with X-Widget-Token or X-API-Key gets no redirect to another host.',
  },
  upstream_too_large: {
    why: 'The response of the upstream is larger than Lambda can return.',
    remedy:
      'Return less in one response: use pages or ranges, or a link to a file elsewhere. Or set upstreamStreaming in the stage.',
  },
  upstream_aborted: {
    why: 'The upstream closed the connection before the end of its response.',
    remedy: 'Look for a crash or a time-out in the log of the upstream, or of a proxy in front of it.',
  },
} as const satisfies Record<string, Explanation> & Record<`upstream_${UpstreamFailure}`, Explanation>;
