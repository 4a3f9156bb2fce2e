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
    why: 'The page that called is of an origin that neither the shop nor the stage allows.',
    remedy: 'Add the origin to the shop, or correct the address of the page.',
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
    remedy: 'Send the live key of the shop; reset the keys if it is lost.',
  },
  wrong_shop: {
    why: 'The API key is valid, but of another shop than the path names.',
    remedy: 'Use the shop id that came with the key.',
  },
  api_key_in_browser: {
    why: 'A browser sent the API key, so it has leaked into a page.',
    remedy: 'Reset the keys of the shop now, and keep the new one on its server.',
  },
} as const satisfies Record<string, Explanation>;
