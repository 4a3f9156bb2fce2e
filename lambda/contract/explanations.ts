/** Why a call was refused, for people: what is the matter, and what to do. */
export interface Explanation {
  readonly why: string;
  readonly remedy: string;
}

/** By the reason that stands in the audit trail or that an inspected token has. */
export const explanations = {
  ok: { why: 'The token is accepted.', remedy: 'Nothing is to be done.' },
  malformed: {
    why: 'The token is missing, sent twice, or not a widget token in its one accepted spelling.',
    remedy: 'Pass the token on exactly as the issue call returned it, in one X-Widget-Token header.',
  },
  expired: {
    why: 'The token is older than 24 hours.',
    remedy: 'Issue a new one; have the server of the shop do so every 23 hours.',
  },
  not_yet_valid: {
    why: 'The token is stamped more than five minutes ahead.',
    remedy: 'Set the clock of the server that signs, or have the gate issue the token.',
  },
  unknown_shop: {
    why: 'The token names a shop that this deployment does not have.',
    remedy: 'Check that the token comes from this stage, and not from another one.',
  },
  bad_signature: {
    why: 'No live key of the shop signed the token: it was tampered with, or signed by another or an ended key.',
    remedy: 'Issue a new token with the live key of the shop.',
  },
  signed_by_retired_key: {
    why: 'A key signed the token that no longer vouches for it.',
    remedy: 'Issue a new token with the live key of the shop.',
  },
  revoked: {
    why: 'All tokens of the shop stamped up to then were revoked.',
    remedy: 'Issue a new token, or take the revocation back.',
  },
  shop_disabled: { why: 'The shop is disabled.', remedy: 'Enable the shop.' },
  issuing_paused: { why: 'Issuing is paused for the shop.', remedy: 'Resume issuing.' },
  origin_not_allowed: {
    why: 'The page that called is of an origin that its shop, its stage or its analytics key does not allow.',
    remedy: 'Add the origin to the shop, use an analytics key that allows it, or correct the address of the page.',
  },
  origin_missing: {
    why: 'The shop demands an Origin header, and none was sent.',
    remedy: 'Call from a page, or take the demand back.',
  },
  corrupt_record: {
    why: 'The record of the shop can not be read.',
    remedy: 'Restore the record from a backup; other shops are not concerned.',
  },
  invalid_api_key: {
    why: 'The API key is missing, malformed, unknown or ended.',
    remedy: 'Send a live key of the kind that the route takes; make a new one if it is lost.',
  },
  wrong_shop: {
    why: 'The API key is valid, but of another shop than the path names.',
    remedy: 'Use the shop id that came with the key.',
  },
  api_key_in_browser: {
    why: 'A browser sent the API key, or a caller sent it in place of a token, so the key is probably in a page.',
    remedy:
      'Rotate the key now, and keep the new one on its server. The log line api_key_in_browser has the short id of the key.',
  },
  credential_missing: {
    why: 'An analytics call came without security token, key or session cookie.',
    remedy: 'Send the security token in Authorization, or begin a session and send its cookie along.',
  },
  credential_malformed: {
    why: 'The token or cookie is not one that this stage made: tampered with, of another stage, sent twice, or without X-Requested-With.',
    remedy: 'Pass on exactly what the gate gave, once; with a cookie send the header X-Requested-With.',
  },
  token_expired: {
    why: 'The security token is past the end that it was issued with.',
    remedy: 'Have the server issue a new one; expiresIn says how long it lives.',
  },
  token_revoked: {
    why: 'The tokens of its user, app, client or analytics key were revoked.',
    remedy: 'Have the server issue a new token, if the user may still call.',
  },
  no_session: {
    why: 'The session has ended: by time, by signing out, or because it was revoked.',
    remedy: 'Have the server fetch a new temp token, and exchange it.',
  },
  invalid_temp_token: {
    why: 'The temp token is unknown, used, expired or revoked.',
    remedy: 'Exchange each temp token once, within a minute.',
  },
  wrong_app: {
    why: 'The credential is for another app than the call or the request names.',
    remedy: 'Issue a token for that app, with a key that may.',
  },
  dev_keys_disabled: {
    why: 'A dev key was sent to a stage that takes none.',
    remedy: 'Use a security token or a session; dev keys are for development alone.',
  },
  dev_page_not_allowed: {
    why: 'A dev key was sent from no page, or from one that is neither on this machine nor among those of the key.',
    remedy: 'Open the page from localhost, or make a dev key for its origin.',
  },
  ids_malformed: {
    why: 'X-User-Id, X-App-Id or X-Client-Id was sent twice, or can be no id.',
    remedy: 'State each once, in printable ASCII.',
  },
  dev_ids_missing: {
    why: 'A dev key came without X-User-Id or X-App-Id.',
    remedy: 'State both beside the key.',
  },
} as const satisfies Record<string, Explanation>;
