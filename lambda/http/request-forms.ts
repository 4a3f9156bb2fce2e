import { limits } from '../contract/limits.ts';

const yesOrNo = 'true or false';
const addresses = `a list of 1 to ${limits.maxOriginsPerShop} addresses, such as https://shop.example.com`;
const plainText = (maxChars: number): string =>
  `a text of 1 to ${maxChars} characters, without control or formatting characters`;
const searched = 'a text of 1 to 256 characters';
const moment =
  'a day such as 2026-11-27, or a time with its zone such as 2026-11-27T14:30:00Z or 2026-11-27T15:30:00%2B01:00';

/** The form of each member of the admin API's requests, in words that complete "must be". */
export const requestForms: ReadonlyMap<string, string> = new Map(
  Object.entries({
    shopId: 'letters, digits, _ and -, at most 64, beginning with a letter or digit',
    keyId: 'the 8 letters and digits of a service key ID',
    requestId: searched,
    name: plainText(limits.maxShopNameChars),
    label: `1 to ${limits.maxKeyLabelChars} letters, digits, spaces and . @ / - _`,
    url: 'a web address, such as https://shop.example.com',
    exact: yesOrNo,
    moveOrigins: yesOrNo,
    app: yesOrNo,
    force: yesOrNo,
    disabled: yesOrNo,
    issuingPaused: yesOrNo,
    requireOrigin: yesOrNo,
    origins: addresses,
    allowedOrigins: addresses.replace('1 to', 'at most'),
    origin: 'an origin or address, such as https://shop.example.com',
    clientToken: '16 to 128 printable ASCII characters without spaces',
    overlapSeconds: `one of ${limits.rotationOverlapsSeconds.join(', ')}`,
    purpose: 'analytics, data-router or dev',
    appIds: `a list of 1 to ${limits.maxAppsPerKey} app IDs in printable ASCII, each once`,
    maxTtlSeconds: `a whole number of seconds from 1 to ${limits.maxSecurityTokenTtlSeconds}, or to ${limits.maxDevKeySeconds} for a dev key`,
    kind: 'user, client or app',
    id: `an ID of 1 to ${limits.maxSubjectIdChars} printable ASCII characters with no space at either end`,
    token: searched,
    limit: `a whole number from 1 to ${limits.maxShopsPerPage}`,
    cursor: 'the cursor of the page before, from a request with the same parameters',
    subject: searched,
    actor: searched,
    performed: searched,
    code: searched,
    from: moment,
    to: moment,
  }),
);
