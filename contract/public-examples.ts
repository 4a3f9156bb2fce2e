import type { PublicAnswerOf, PublicOperationName, PublicRequestOf } from './public-api.ts';

/** A request body and the body of its response. The conformance test of the OpenAPI document sends each of these requests. */
export interface PublicExample<N extends PublicOperationName> {
  readonly request: PublicRequestOf<N>;
  readonly answer: PublicAnswerOf<N>;
}

const NOW = 1_795_770_000;
const SHOP_ID = 'shop_4fQ7mZ1xK9sT2vB8nR5cW3yD';
const WIDGET_TOKEN =
  'c2hvcF80ZlE3bVoxeEs5c1QydkI4blI1Y1czeUQ6MTc5NTc3MDAwMDoxYTJiM2M0ZDVlNmY3YTgxOTJhMmIyYzNkM2U0ZTRmNWY1MDYxNjE3MjcyODM4Mzk0OTRhNWE1YjZi';
const JWE =
  'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwia2lkIjoicmtfMSJ9..q8ZcW1vB7nRk3xT0.h4Jd9sLqVb7NmRt4Yc1W.f6Hg9Pa3E5uk2Jd8sLqx1V';

const widgetIdentity = { shopId: SHOP_ID, issuedAt: NOW, expiresAt: NOW + 86_400 };
const login = { userid: 'u-17', appid: 'sales', clientid: 'acme', expiresIn: '30m' };
const analyticsIdentity = {
  kind: 'security-token',
  keyId: 'An7kQ2xZ',
  userId: 'u-17',
  appId: 'sales',
  clientId: 'acme',
  expiresAt: NOW + 1_800,
  claims: {},
} as const;
const dataRouterIdentity = { kind: 'data-router-key', keyId: 'Dr5vN8mT' } as const;
const administrator = {
  arn: 'arn:aws:iam::111122223333:user/alice',
  userId: 'AIDAEXAMPLEALICE0001',
  userName: 'alice',
};
const CHALLENGE =
  'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwia2lkIjoicmtfMSJ9..n3RkxT0q8ZcW1vB7.d9sLqVb7NmRt.Pa3E5uk2Jd8sLqx1Vf6Hg9';

/** One example for each operation, in the order of the operations. */
export const publicExamples: { readonly [N in PublicOperationName]: PublicExample<N> } = {
  'issue-widget-token': { request: undefined, answer: { token: WIDGET_TOKEN } },
  'inspect-widget-token': {
    request: { token: WIDGET_TOKEN, origin: 'https://shop.example.com' },
    answer: { valid: true, reason: 'ok', issuedAt: NOW, expiresAt: NOW + 86_400, keyId: 'Sk3pW8dL' },
  },
  'show-widget-session': { request: undefined, answer: widgetIdentity },
  'call-widget-api': { request: undefined, answer: widgetIdentity },
  'issue-security-token': { request: login, answer: { token: JWE } },
  'issue-temp-token': { request: login, answer: { token: 'Zr8yQ0uW3kT6vB1nM4xC7sL2dF5gH9jP0aE3iO6qU1w' } },
  'begin-session': { request: { mode: 'token' }, answer: { token: JWE } },
  'show-analytics-session': {
    request: undefined,
    answer: { userId: 'u-17', appId: 'sales', clientId: 'acme', expiresAt: NOW + 3_600, endsAt: NOW + 28_800 },
  },
  'end-analytics-session': { request: undefined, answer: undefined },
  'show-analytics-identity': { request: undefined, answer: analyticsIdentity },
  'call-analytics-api': { request: undefined, answer: analyticsIdentity },
  'show-data-router-identity': { request: undefined, answer: dataRouterIdentity },
  'call-data-router': { request: undefined, answer: dataRouterIdentity },
  'list-public-keys': {
    request: undefined,
    answer: {
      keys: [
        {
          kty: 'OKP',
          crv: 'Ed25519',
          x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
          kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
          use: 'sig',
          alg: 'EdDSA',
        },
      ],
    },
  },
  'begin-login': {
    request: undefined,
    answer: {
      challenge: CHALLENGE,
      region: 'eu-west-1',
      host: 'sts.eu-west-1.amazonaws.com',
      amzDate: '20261127T090000Z',
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        host: 'sts.eu-west-1.amazonaws.com',
        'x-amz-content-sha256': 'ab821ae955788b0e33ebd34c208442ccfc2d406e2edc5e7a39bd6458fbb4f843',
        'x-amz-date': '20261127T090000Z',
        'x-widget-gate-challenge': 'WidgetGate:111122223333:dev/Zr8yQ0uW3kT6vB1nM4xC7sL2',
      },
      body: 'Action=GetCallerIdentity&Version=2011-06-15',
      expiresIn: 60,
    },
  },
  'log-in': {
    request: {
      challenge: CHALLENGE,
      userName: 'alice',
      accessKeyId: 'AKIAEXAMPLEALICE0001',
      signature: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    },
    answer: administrator,
  },
  'open-login-link': {
    request: { code: 'Zr8yQ0uW3kT6vB1nM4xC7sL2dF5gH9jP0aE3iO6qU1w' },
    answer: administrator,
  },
};
