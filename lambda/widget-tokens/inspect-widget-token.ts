import { limits } from '#contract/limits.ts';
import type { PublicAnswerOf } from '#contract/public-api.ts';
import type { VerifiableShop } from '../shops/verifiable-shops.ts';
import { isSigned, judgeToken, type TokenVerdict } from './judge-token.ts';
import { checkWidgetTokenTime, parseWidgetToken } from './widget-token.ts';

/**
 * The likeliest mistake in a text that is not a widget token, for the owner of the shop; undefined without a guess. The guesses use only
 * the text: they reveal nothing that its sender does not know.
 */
export function hintOnToken(text: string): string | undefined {
  if (text === '') return 'The token is empty.';
  return mistakes.find(({ is }) => is(text))?.hint ?? hintOnContent(text);
}

const isToken = (text: string): boolean => parseWidgetToken(text) !== undefined;

/** Mistakes around a token; the first match is reported. */
const mistakes: readonly { readonly hint: string; is(text: string): boolean }[] = [
  {
    hint: 'This is an API key, not a widget token. Keep it on the server, and send the token that the issue call returned.',
    is: (text) => /^\s*["']?(?:Bearer )?(?:sk|an|dr|dev)_(?:live|test)_/i.test(text),
  },
  {
    hint: 'This is a security token or session token for the analytics API, not a widget token.',
    is: (text) => /^\s*(?:Bearer )?eyJ[\w-]*\.[\w-]*\.[\w-]*/.test(text),
  },
  { hint: 'Send the token alone, without Bearer before it.', is: (text) => /^\s*Bearer\s/i.test(text) },
  { hint: 'Send the value of "token" alone, not the whole JSON of the issue call.', is: (text) => /^\s*\{/.test(text) },
  { hint: 'Send the token without the quotes around it.', is: (text) => /^\s*["'].*["']\s*$/s.test(text) },
  {
    hint: 'Send the token without spaces and line breaks; some Base64 encoders break lines after 76 characters.',
    is: (text) => /\s/.test(text),
  },
  { hint: 'The token is URL-encoded. Send it as it is.', is: (text) => /%(?:2B|2F|3A|3D)/i.test(text) },
  {
    hint: 'The token is not Base64-encoded. Encode the whole text shopId:unixSeconds:hmac.',
    is: (text) => text.split(':').length === 3,
  },
  { hint: 'The token is Base64-encoded twice. Encode it once.', is: (text) => isToken(decode(text)) },
];

const decode = (text: string): string => Buffer.from(text, 'base64').toString('latin1');

/** Mistakes within a token. */
function hintOnContent(text: string): string | undefined {
  const parts = decode(text).split(':');
  const [shopId = '', stamp = '', mac = ''] = parts;
  if (!/^[\x20-\x7e]+$/.test(shopId) || parts.length === 1) return undefined;
  if (parts.length !== 3) return `The token has ${parts.length} parts; it must have three, shopId:unixSeconds:hmac.`;
  if (/^\d{13}$/.test(stamp)) return 'The time in the token looks like milliseconds. Stamp it in whole seconds.';
  if (/^\d{16,19}$/.test(stamp))
    return 'The time in the token looks like microseconds or nanoseconds. Stamp it in whole seconds.';
  if (!/^(?:0|[1-9]\d*)$/.test(stamp)) return 'The time in the token is not a whole number of Unix seconds.';
  if (/^[0-9a-f]{64}$/i.test(mac) && mac !== mac.toLowerCase())
    return 'The HMAC is in upper case. Write its hex digits in lower case.';
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(mac)) return 'The HMAC looks like Base64. Write it as 64 lower-case hex digits.';
  if (!/^[0-9a-f]{64}$/.test(mac)) return 'The HMAC is not a SHA-256 in hex. It must be 64 lower-case hex digits.';
  return 'The token is cut short, or was changed on its way.';
}

export type InspectReason = TokenVerdict['reason'] | 'malformed' | 'expired' | 'not_yet_valid';

/** The result of inspecting a token for a shop. Members of an unproven token are null, because anyone could have written them. */
export type Inspection = PublicAnswerOf<'inspect-widget-token'>;

const unproven = (reason: InspectReason, hint?: string): Inspection => ({
  valid: false,
  reason,
  issuedAt: null,
  expiresAt: null,
  keyId: null,
  ...(hint !== undefined && { hint }),
});

const SIGNED_OTHERWISE =
  'Sign the ASCII text shopId:unixSeconds with the whole API key, including its prefix. Use a key of this stage.';

/** Whether and why a token is accepted for the shop that asks; a token of another shop is `bad_signature`, like any forgery. */
export function inspectWidgetToken(
  token: string,
  origin: string | undefined,
  shop: VerifiableShop,
  nowSeconds: number,
): Inspection {
  const claims = parseWidgetToken(token);
  if (claims === undefined) return unproven('malformed', hintOnToken(token));
  if (claims.shopId !== shop.shop.shopId)
    return unproven('bad_signature', `The token names another shop, ${claims.shopId}, or comes from another stage.`);
  const verdict = judgeToken(shop, claims, origin === undefined ? [] : [origin], nowSeconds);
  if (verdict.signer === undefined) return unproven('bad_signature', SIGNED_OTHERWISE);
  const time = checkWidgetTokenTime(claims.issuedAt, nowSeconds);
  const reason = isSigned(verdict) && time !== 'ok' ? time : verdict.reason;
  return {
    valid: reason === 'ok',
    reason,
    issuedAt: claims.issuedAt,
    expiresAt: claims.issuedAt + limits.widgetTokenTtlSeconds,
    keyId: verdict.signer.keyId,
  };
}
