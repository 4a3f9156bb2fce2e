import type { AnalyticsCredentialKind } from './context.ts';
import { limits } from './limits.ts';
import { nullable, object, type Schema } from './schema.ts';

// What public operations get and return.

export const string = { type: 'string' } as const;
const boolean = { type: 'boolean' } as const;
const seconds = { type: 'integer', minimum: 0, form: 'a Unix time in seconds' } as const;

export const token = object({ token: string }, ['token']);
const id = {
  type: 'string',
  minLength: 1,
  maxLength: limits.maxSubjectIdChars,
  form: `an ID of 1 to ${limits.maxSubjectIdChars} printable ASCII characters with no space at either end`,
} as const;
export const text = { type: 'string', maxLength: 2_048, form: 'a text of at most 2048 characters' } as const;

export const inspection = object(
  {
    valid: boolean,
    reason: {
      type: 'string',
      enum: [
        'ok',
        'malformed',
        'bad_signature',
        'expired',
        'not_yet_valid',
        'revoked',
        'signed_by_retired_key',
        'shop_disabled',
        'origin_not_allowed',
        'origin_missing',
      ],
    },
    issuedAt: nullable(seconds),
    expiresAt: nullable(seconds),
    keyId: nullable({ ...string, form: 'the ID of the key that signed the token' }),
    hint: { ...string, form: 'the likeliest mistake, if there is a guess' },
  },
  ['valid', 'reason', 'issuedAt', 'expiresAt', 'keyId'],
);

export const widgetIdentity = object({ shopId: string, issuedAt: seconds, expiresAt: seconds }, [
  'shopId',
  'issuedAt',
  'expiresAt',
]);

export const analyticsIdentity = object(
  {
    kind: {
      type: 'string',
      enum: ['security-token', 'session', 'analytics-key', 'dev-key'] satisfies AnalyticsCredentialKind[],
      form: 'the kind of credential that was accepted',
    },
    keyId: { ...string, form: 'the ID of the service key that was sent, or that the token or session came from' },
    userId: string,
    appId: string,
    clientId: string,
    orgId: string,
    expiresAt: seconds,
    claims: { type: 'object' },
  },
  ['kind', 'keyId', 'claims'],
);

export const dataRouterIdentity = object({ kind: { type: 'string', enum: ['data-router-key'] }, keyId: string }, [
  'kind',
  'keyId',
]);

export const session = object(
  {
    userId: string,
    appId: string,
    clientId: string,
    orgId: string,
    expiresAt: { ...seconds, form: 'a Unix time in seconds; each use may move it' },
    endsAt: { ...seconds, form: 'a Unix time in seconds at which the session ends, however often it is used' },
  },
  ['userId', 'appId', 'expiresAt', 'endsAt'],
);

export const publicKey = object(
  {
    kty: { type: 'string', enum: ['OKP'] },
    crv: { type: 'string', enum: ['Ed25519'] },
    x: string,
    kid: string,
    use: { type: 'string', enum: ['sig'] },
    alg: { type: 'string', enum: ['EdDSA'] },
  },
  ['kty', 'crv', 'x', 'kid', 'use', 'alg'],
);

export const challenge = object(
  {
    challenge: string,
    region: string,
    host: string,
    amzDate: string,
    headers: object(
      {
        accept: string,
        'content-type': string,
        host: string,
        'x-amz-content-sha256': string,
        'x-amz-date': string,
        'x-widget-gate-challenge': string,
      },
      ['accept', 'content-type', 'host', 'x-amz-content-sha256', 'x-amz-date', 'x-widget-gate-challenge'],
    ),
    body: string,
    expiresIn: { type: 'integer', minimum: 1, form: 'a number of seconds' },
  },
  ['challenge', 'region', 'host', 'amzDate', 'headers', 'body', 'expiresIn'],
);
export const administrator = object({ arn: string, userId: string, userName: string }, ['arn', 'userId', 'userName']);

/** Schemas that have a name in documents. */
export const publicSchemas = {
  Token: token,
  Inspection: inspection,
  WidgetIdentity: widgetIdentity,
  AnalyticsIdentity: analyticsIdentity,
  DataRouterIdentity: dataRouterIdentity,
  AnalyticsSession: session,
  PublicKey: publicKey,
  LoginChallenge: challenge,
  Administrator: administrator,
} as const satisfies Readonly<Record<string, Schema>>;

/** A user of an app, as the server of the customer describes them. */
export const login = object(
  {
    userid: id,
    appid: id,
    clientid: id,
    orgid: id,
    expiresIn: {
      anyOf: [
        { type: 'integer', minimum: 1, maximum: limits.maxSecurityTokenTtlSeconds, form: 'a number of seconds' },
        { type: 'string', pattern: '^[1-9][0-9]{0,5}[smh]$', form: 'a time such as 30s, 10m or 1h' },
      ],
    },
  },
  ['userid', 'appid'],
);
