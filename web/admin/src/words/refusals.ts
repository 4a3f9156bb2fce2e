import { type ErrorCode, errors } from '#contract/errors.ts';
import type { LocalCode } from '../api/call.ts';

/** What goes wrong on this side of the gate, and what has another meaning for a person at the console than for a program. */
const own = {
  no_network:
    'The gate did not answer. Check your connection and VPN, then try again; if it was a change, look first whether it was made.',
  no_gate:
    'Something between this page and the gate answered in its place, perhaps a proxy. Reload the page, or ask who runs the network.',
  insecure_page:
    'This page was not loaded over HTTPS, so the browser will not sign here. Open the console with https://.',
  challenge_refused:
    'Nothing was signed, because the gate asked to sign what no login needs. Check the address of this page before you try again.',
  unauthorized: 'Your session is over. Log in again; you will come back to where you were.',
  not_in_admin_group:
    'You have proven who you are, but you are not in the administrators’ group. Have somebody who manages IAM run this line, then log in again:',
  cross_site_request:
    'The gate took this for a call from another site. Open the console at the gate’s own address and try again.',
  invalid_json:
    'The gate could not read what this page sent. Reload the page; if it happens again, the console and the gate are of different versions.',
  bad_request: 'The gate could not make sense of the call. Reload the page and try again.',
  invalid_path: 'An id in the address has characters that no id has. Go back to the list and open it from there.',
  not_found: 'The gate has no such call. Reload the page: console and gate are of different versions.',
  precondition_failed:
    'Somebody changed it since you opened this page, so nothing was done. Look at it as it is now, then repeat if it is still needed.',
  service_unavailable:
    'Something that the gate depends on did not answer. Wait a moment, look whether your change was made, then try again. If it lasts, look at the status page and at AWS’s.',
} as const satisfies Partial<Record<ErrorCode | LocalCode, string>>;

/** What every refusal says to an administrator at the console: the catalogue's sentence, but for those that it does not fit. */
export const refusalWords = {
  ...Object.fromEntries(Object.entries(errors).map(([code, { message }]) => [code, message])),
  ...own,
} as Readonly<Record<ErrorCode | LocalCode, string>>;
