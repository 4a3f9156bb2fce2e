import { limits } from '../lambda/contract/limits.ts';

/** What to do about each reason for which the administration refuses. */
const advice = new Map<string, string>([
  ['shop_not_found', 'There is no such shop; see "widget-gate shops list".'],
  ['version_conflict', 'The shop was changed meanwhile; look at it with "shops show" and repeat with its version.'],
  ['rotation_in_progress', 'An earlier key still verifies tokens; wait until it ends, or stop it now with --force.'],
  ['no_rotation_in_progress', 'No old key is in its overlap, so there is nothing to retire or undo.'],
  ['nothing_to_undo', 'There is no revocation that could be taken back.'],
  ['unknown_origin', 'The shop has no such origin; see "shops show".'],
  ['too_many_origins', `A shop has ${limits.maxOriginsPerShop} origins at most; remove some first.`],
  ['id_taken', 'The new id is taken already; repeat.'],
  ['not_a_url', 'Give an address like https://shop.example.com.'],
  ['not_https', 'Give an https:// address; http:// is for localhost only.'],
  ['not_an_origin', 'Give scheme and host only, in lower case, without a path, user or default port.'],
  ['ip_literal', 'Give a host name instead of an IP address.'],
  ['single_label_host', 'Give a whole host name, with a dot in it.'],
  ['loopback_in_production', 'A production gate takes no localhost; use a stage for development.'],
  ['malformed_host', 'The host name is malformed; international names are written in Punycode (xn--…).'],
  ['too_long', `An origin has ${limits.maxOriginChars} characters at most.`],
]);

/** A sentence for a refusal; `member` is the part of the request that is wrong. */
export const advise = (reason: string, member?: string): string =>
  advice.get(reason) ?? `The gate does not take the request${member === undefined ? '' : `: "${member}" is wrong`}.`;
