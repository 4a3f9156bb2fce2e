import { cookies } from '#contract/cookies.ts';
import { headers } from '#contract/headers.ts';
import type { CredentialName } from '#contract/public-api.ts';
import type { JsonObject } from './schemas.ts';

const header = (name: string, description: string): JsonObject => ({ type: 'apiKey', in: 'header', name, description });
const cookie = (name: string, description: string): JsonObject => ({ type: 'apiKey', in: 'cookie', name, description });
const bearer = (description: string): JsonObject => ({ type: 'http', scheme: 'bearer', description });

/** How each credential is sent. */
export const securitySchemes: Readonly<Record<CredentialName, JsonObject>> = {
  shopApiKey: header(headers.shopApiKey, 'The API key of a shop, which begins with sk_. Only its server may hold it.'),
  widgetToken: header(headers.widgetToken, 'A widget token of a shop. Valid for 24 hours.'),
  analyticsKey: header(headers.serviceKey, 'An analytics key, which begins with an_. Only a server may hold it.'),
  dataRouterKey: header(headers.serviceKey, 'A data router key, which begins with dr_. Only a server may hold it.'),
  devKey: header(headers.serviceKey, 'A dev key, which begins with dev_. Development stages only.'),
  tempToken: bearer('A temp token. Valid once, within 60 seconds. Bearer before it may be omitted.'),
  securityToken: bearer('A security token. Bearer before it may be omitted.'),
  sessionToken: bearer('A session that was begun with mode token. Bearer before it may be omitted.'),
  sessionCookie: cookie(
    cookies.session,
    'A session that was begun with mode cookie. Also send X-Requested-With and, as browsers do, Origin.',
  ),
  iamProof: {
    type: 'http',
    scheme: 'AWS4-HMAC-SHA256',
    description:
      'Proof of the access key of an IAM user in the administrator group: the signature (AWS Signature Version 4) of the request that POST /admin/api/login/challenge returns. Send it in the request body; the Authorization header is not read.',
  },
  adminSession: cookie(
    cookies.adminSession,
    'The session of an administrator. Requests that change something also need X-Requested-With.',
  ),
};
