import { type ErrorCode, errors } from '#contract/errors.ts';
import type { LocalCode } from '../api/call.ts';

/** Failures on this side of the gate, and codes that mean something else to a user of the console than to a program. */
const own = {
  no_network:
    'The gate did not respond. Check your connection and VPN, then try again. After a change, first check whether it was made.',
  no_gate:
    'A server between this page and the gate answered instead, perhaps a proxy. Reload the page, or ask your network administrator.',
  insecure_page: 'This page was not loaded over HTTPS, so the browser cannot sign. Open the console with https://.',
  challenge_refused:
    'Nothing was signed, because the gate requested a signature that a login does not need. Check the address of this page before you try again.',
  unauthorized: 'Your session has ended. Log in to return to this page.',
  not_in_admin_group:
    "Your identity is proven, but you are not in the administrators' group. Ask someone who manages IAM to run this command, then log in again:",
  cross_site_request:
    "The gate refused this as a call from another site. Open the console at the gate's own address and try again.",
  invalid_json:
    'The gate could not parse the request. Reload the page. If it happens again, the console and the gate have different versions.',
  bad_request: 'The gate did not accept the request. Reload the page and try again.',
  invalid_path: 'An id in the address has invalid characters. Go back to the list and open it from there.',
  not_found:
    'The gate does not have this route, because the console and the gate have different versions. Reload the page.',
  precondition_failed:
    'It was changed since you opened this page, so your change was not made. Check the current state, then repeat your change if it is still needed.',
  service_unavailable:
    'A dependency of the gate did not respond. Wait a moment and check whether your change was made, then try again. If the problem persists, check the status page and the AWS Health Dashboard.',
} as const satisfies Partial<Record<ErrorCode | LocalCode, string>>;

/** The text of every refusal in the console: the sentence of the catalog, except where it does not fit. */
export const refusalWords = {
  ...Object.fromEntries(Object.entries(errors).map(([code, { message }]) => [code, message])),
  ...own,
} as Readonly<Record<ErrorCode | LocalCode, string>>;
