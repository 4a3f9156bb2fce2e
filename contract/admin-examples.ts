// Long because it is one list: an example of every action of the admin API.
import type { AdminAction, AnswerOf, PathOf, RequestOf, ServiceKeyView, ShopView } from './admin-api.ts';
import { FAST_CLOCKS } from './explanations.ts';

/** A request and its response. The conformance test of the OpenAPI document sends each of these requests. */
export interface AdminExample<A extends AdminAction> {
  readonly path: PathOf<A>;
  readonly request: RequestOf<A>;
  readonly answer: AnswerOf<A>;
}

const SHOP_ID = 'shop_4fQ7mZ1xK9sT2vB8nR5cW3yD';
const KEY_ID = 'An7kQ2xZ';
const REQUEST_ID = '9d2f6c1e-4b7a-4f0e-8a53-1c6e0b9d7f42';
const TOKEN =
  'c2hvcF80ZlE3bVoxeEs5c1QydkI4blI1Y1czeUQ6MTc5NTc3MDAwMDoxYTJiM2M0ZDVlNmY3YTgxOTJhMmIyYzNkM2U0ZTRmNWY1MDYxNjE3MjcyODM4Mzk0OTRhNWE1YjZi';
const NOW = 1_795_770_000;

const path = { shopId: SHOP_ID } as const;
const keyPath = { keyId: KEY_ID } as const;
const user = {
  arn: 'arn:aws:iam::111122223333:user/alice',
  userId: 'AIDAEXAMPLEALICE0001',
  userName: 'alice',
} as const;

const shop: ShopView = {
  shopId: SHOP_ID,
  version: 1,
  name: 'Example Shop',
  url: 'https://shop.example.com',
  origins: ['https://shop.example.com', 'https://www.shop.example.com'],
  requireOrigin: false,
  disabled: false,
  issuingPaused: false,
  tokensNotBefore: 0,
  keys: [{ keyId: 'Sk3pW8dL', createdAt: NOW }],
  createdAt: NOW,
};
const changed: ShopView = { ...shop, version: 2 };
const apiKey = 'sk_test_Sk3pW8dL_k2Jd8sLq0ZxVb7NmRt4Yc1Wf6Hg9Pa3E5uTgQ1';
const secondKey = { keyId: 'Tn5rX1vC', createdAt: NOW + 60 };
const secondApiKey = 'sk_test_Tn5rX1vC_b7NmRt4Yc1Wf6Hg9Pa3E5uk2Jd8sLq0ZxVR8sW2';
const oldKey = {
  keyId: 'Sk3pW8dL',
  createdAt: NOW,
  credentialUntil: NOW + 86_460,
  verifyUntil: NOW + 86_460 + 86_700,
} as const;

const serviceKey: ServiceKeyView = {
  keyId: KEY_ID,
  purpose: 'analytics',
  label: 'portal',
  allowedOrigins: ['https://portal.example.com'],
  appIds: ['sales'],
  maxTtlSeconds: 3_600,
  version: 1,
  createdAt: NOW,
  tokensNotBefore: 0,
};

/** One example for each action, in the order of the actions. */
export const adminExamples: { readonly [A in AdminAction]: AdminExample<A> } = {
  'show-session': { path: {}, request: {}, answer: { ...user, createdAt: NOW } },
  'end-session': { path: {}, request: {}, answer: undefined },
  'create-login-link': {
    path: {},
    request: {},
    answer: { code: 'Zr8yQ0uW3kT6vB1nM4xC7sL2dF5gH9jP0aE3iO6qU1w', expiresIn: 60 },
  },
  'show-status': {
    path: {},
    request: {},
    answer: { deployment: 'WidgetGate:111122223333:dev', keyEnvironment: 'test', shopTable: true, ring: true },
  },
  'list-shops': { path: {}, request: { limit: 50 }, answer: { shops: [shop] } },
  'create-shop': {
    path: {},
    request: { name: 'Example Shop', url: 'https://shop.example.com', clientToken: 'create-example-shop-1' },
    answer: { ...shop, apiKey },
  },
  'show-shop': { path, request: {}, answer: shop },
  'set-switches': {
    path,
    request: { name: 'Example Shop', requireOrigin: true },
    answer: { ...changed, requireOrigin: true },
  },
  'delete-shop': { path, request: {}, answer: undefined },
  'rotate-key': {
    path,
    request: { overlapSeconds: 86_400 },
    answer: { ...changed, keys: [oldKey, secondKey], apiKey: secondApiKey },
  },
  'reset-keys': {
    path,
    request: {},
    answer: {
      ...changed,
      keys: [{ keyId: 'Sk3pW8dL', createdAt: NOW, credentialUntil: NOW + 60, verifyUntil: NOW + 60 }, secondKey],
      apiKey: secondApiKey,
    },
  },
  'retire-key': {
    path,
    request: {},
    answer: {
      ...changed,
      keys: [{ ...oldKey, credentialUntil: NOW + 120, verifyUntil: NOW + 120 + 86_700 }, secondKey],
    },
  },
  'undo-rotation': {
    path,
    request: {},
    answer: {
      ...changed,
      keys: [
        { keyId: 'Sk3pW8dL', createdAt: NOW },
        { ...secondKey, credentialUntil: NOW + 120, verifyUntil: NOW + 120 + 86_700 },
      ],
    },
  },
  'revoke-tokens': {
    path,
    request: {},
    answer: { ...changed, tokensNotBefore: NOW + 60, tokensNotBeforeUndo: 0, warnings: [FAST_CLOCKS] },
  },
  'undo-revoke-tokens': { path, request: {}, answer: changed },
  'explain-token': {
    path,
    request: { token: TOKEN, origin: 'https://shop.example.com' },
    answer: {
      valid: true,
      reason: 'ok',
      issuedAt: NOW,
      expiresAt: NOW + 86_400,
      keyId: 'Sk3pW8dL',
      why: 'The token is accepted.',
      remedy: 'Nothing needs to be done.',
    },
  },
  'add-origins': {
    path,
    request: { origins: ['https://checkout.example.com'] },
    answer: { ...changed, origins: [...shop.origins, 'https://checkout.example.com'] },
  },
  'remove-origins': { path, request: { origins: ['https://checkout.example.com'] }, answer: changed },
  'test-origin': {
    path,
    request: { origin: 'https://shop.example.com/cart' },
    answer: { allowed: true, origin: 'https://shop.example.com' },
  },
  'list-service-keys': {
    path: {},
    request: {},
    answer: { serviceKeys: [{ ...serviceKey, lastUsedAt: NOW, lastUsedGrainSeconds: 3_600 }] },
  },
  'add-service-key': {
    path: {},
    request: {
      purpose: 'analytics',
      label: 'portal',
      allowedOrigins: ['https://portal.example.com'],
      appIds: ['sales'],
      maxTtlSeconds: 3_600,
    },
    answer: { ...serviceKey, apiKey: 'an_test_An7kQ2xZ_x1Vb7NmRt4Yc1Wf6Hg9Pa3E5uk2Jd8sLqYt5Kp0' },
  },
  'rotate-service-key': {
    path: keyPath,
    request: { overlapSeconds: 3_600 },
    answer: {
      ...serviceKey,
      keyId: 'Bm4tH6wS',
      createdAt: NOW + 60,
      apiKey: 'an_test_Bm4tH6wS_Hg9Pa3E5uk2Jd8sLqx1Vb7NmRt4Yc1Wf6Zn3Vu7',
    },
  },
  'revoke-service-key': {
    path: keyPath,
    request: {},
    answer: { ...serviceKey, version: 2, credentialUntil: NOW + 60, tokensNotBefore: NOW + 60 },
  },
  'revoke-service-key-tokens': {
    path: keyPath,
    request: {},
    answer: { ...serviceKey, version: 2, tokensNotBefore: NOW + 60 },
  },
  'revoke-subject': {
    path: {},
    request: { kind: 'user', id: 'u-17' },
    answer: { kind: 'user', id: 'u-17', notBefore: NOW },
  },
  'explain-request': {
    path: { requestId: REQUEST_ID },
    request: {},
    answer: {
      entry: {
        id: '01KB2M9Z7QW8E4R6T1Y3U5I0OP',
        at: NOW * 1_000,
        subject: `refused/${SHOP_ID}`,
        action: 'call-refused',
        code: 'wrong_shop',
        count: 1,
        requestIds: [REQUEST_ID],
        until: NOW * 1_000,
      },
      why: 'The API key is valid but does not belong to the shop in the path.',
      remedy: 'Use the shop ID that came with the key.',
    },
  },
  'query-audit': {
    path: {},
    request: { subject: SHOP_ID, limit: 50 },
    answer: {
      entries: [
        {
          id: '01KB2M9Z7QW8E4R6T1Y3U5I0OP',
          at: NOW * 1_000,
          subject: SHOP_ID,
          action: 'create-shop',
          actor: { arn: user.arn, userId: user.userId },
          requestId: REQUEST_ID,
          code: 'ok',
          after: { shopId: SHOP_ID },
        },
      ],
    },
  },
};
