// Long because it is one list: everything that the admin API does.
import { limits } from './limits.ts';
import { type Infer, list, nullable, object, type Read, type Schema } from './schema.ts';

/**
 * One action of the admin API. Handler, clients, documentation and tests are generated from it or checked against it.
 */
export interface AdminRoute {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below /admin/api; `{name}` is one segment. */
  readonly path: string;
  readonly summary: string;
  /**
   * The query of a GET, the body of every other method. If one member decides which others are allowed: the members by
   * its value. Absent: nothing is sent.
   */
  readonly request?: RequestSchema;
  /** Whether a change may name, in If-Match, the version that it must find. */
  readonly hasVersion?: true;
  /** Whether it makes something new, so that the status is 201. */
  readonly creates?: true;
  /** The response body; absent: the response has none. */
  readonly answer?: Schema;
}

type Members = Readonly<Record<string, Schema>>;

export type RequestSchema =
  | {
      readonly members: Members;
      readonly required?: readonly string[];
      /** At least one of these must be sent. */
      readonly oneOf?: readonly string[];
    }
  | {
      /** The member whose value decides which others are allowed, and the members by its value. */
      readonly by: string;
      readonly variants: Readonly<Record<string, { readonly members: Members; readonly required: readonly string[] }>>;
    };

const string = { type: 'string' } as const;
const boolean = { type: 'boolean' } as const;
const seconds = { type: 'integer', minimum: 0, form: 'a Unix time in seconds' } as const;

// Members of requests, with their forms in words.

const plainText = <const N extends number>(maxLength: N) =>
  ({
    type: 'string',
    format: 'plain-text',
    maxLength,
    form: `a text of 1 to ${maxLength} characters, without control or formatting characters`,
  }) as const;
const yesOrNo = { type: 'boolean', form: 'true or false' } as const;
const no = { ...yesOrNo, default: false } as const;
const word = { type: 'string', minLength: 1, maxLength: 256, form: 'a text of 1 to 256 characters' } as const;
const name = plainText(limits.maxShopNameChars);
const url = { type: 'string', form: 'a web address, such as https://shop.example.com' } as const;
const origin = { type: 'string', form: 'an origin or address, such as https://shop.example.com' } as const;
const originsForm = (count: string): string => `a list of ${count} addresses, such as https://shop.example.com`;
const origins = {
  type: 'array',
  items: string,
  minItems: 1,
  maxItems: limits.maxOriginsPerShop,
  form: originsForm(`1 to ${limits.maxOriginsPerShop}`),
} as const;
const anyOrigins = {
  type: 'array',
  items: string,
  maxItems: limits.maxOriginsPerShop,
  form: originsForm(`at most ${limits.maxOriginsPerShop}`),
} as const;
const subjectId = {
  type: 'string',
  format: 'subject-id',
  form: `an ID of 1 to ${limits.maxSubjectIdChars} printable ASCII characters with no space at either end`,
} as const;
const subjectKind = { type: 'string', enum: ['user', 'client', 'app'], form: 'user, client or app' } as const;
const MOMENT =
  'a day such as 2026-11-27, or a time with its zone such as 2026-11-27T14:30:00Z or 2026-11-27T15:30:00%2B01:00';
const CURSOR = 'the cursor of the page before, from a request with the same parameters';
const perPage = <const N extends number>(maximum: N) =>
  ({ type: 'integer', minimum: 1, maximum, default: 50, form: `a whole number from 1 to ${maximum}` }) as const;
const overlapSeconds = {
  type: 'integer',
  enum: limits.rotationOverlapsSeconds,
  default: limits.defaultRotationOverlapSeconds,
  form: `one of ${limits.rotationOverlapsSeconds.join(', ')}`,
} as const;
const label = {
  ...plainText(limits.maxKeyLabelChars),
  pattern: '^[\\p{L}\\p{M}\\p{N}_ .@/-]+$',
  form: `1 to ${limits.maxKeyLabelChars} letters, digits, spaces and . @ / - _`,
} as const;
const maxTtlSeconds = <const N extends number>(maximum: N) =>
  ({
    type: 'integer',
    minimum: 1,
    maximum,
    form: `a whole number of seconds from 1 to ${limits.maxSecurityTokenTtlSeconds}, or to ${limits.maxDevKeySeconds} for a dev key`,
  }) as const;
const purpose = <const P extends 'analytics' | 'data-router' | 'dev'>(only: P) =>
  ({ type: 'string', enum: [only], form: 'analytics, data-router or dev' }) as const;
/** What a service key that pages use can be limited to. A data-router key has neither pages nor apps. */
const keyScope = {
  app: yesOrNo,
  allowedOrigins: anyOrigins,
  appIds: {
    type: 'array',
    items: subjectId,
    minItems: 1,
    maxItems: limits.maxAppsPerKey,
    uniqueItems: true,
    form: `a list of 1 to ${limits.maxAppsPerKey} app IDs in printable ASCII, each once`,
  },
} as const;

/** The parameters of paths. */
export const pathParameters = {
  shopId: {
    type: 'string',
    pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$',
    form: 'letters, digits, _ and -, at most 64, beginning with a letter or digit',
  },
  keyId: { type: 'string', pattern: '^[0-9A-Za-z]{8}$', form: 'the 8 letters and digits of a service key ID' },
  requestId: word,
} as const satisfies Members;

// Responses.

const shopKey = object({ keyId: string, createdAt: seconds, credentialUntil: seconds, verifyUntil: seconds }, [
  'keyId',
  'createdAt',
]);

const shop = object(
  {
    shopId: string,
    version: { type: 'integer', minimum: 1 },
    name: string,
    url: string,
    origins: list(string),
    requireOrigin: boolean,
    disabled: boolean,
    disabledAt: seconds,
    deletedAt: seconds,
    issuingPaused: boolean,
    tokensNotBefore: seconds,
    tokensNotBeforeUndo: seconds,
    keys: list(shopKey),
    createdAt: seconds,
  },
  [
    'shopId',
    'version',
    'url',
    'origins',
    'requireOrigin',
    'disabled',
    'issuingPaused',
    'tokensNotBefore',
    'keys',
    'createdAt',
  ],
);

const notes = {
  normalized: list(object({ given: string, stored: string }, ['given', 'stored'])),
  warnings: list(string),
} as const;
const shopWithNotes = object({ ...shop.properties, ...notes }, shop.required);
const shopWithKey = object({ ...shop.properties, apiKey: string }, [...shop.required, 'apiKey']);
const createdShop = object({ ...shop.properties, ...notes, apiKey: string }, shop.required);

const serviceKey = object(
  {
    keyId: string,
    purpose: { type: 'string', enum: ['analytics', 'data-router', 'dev'] },
    label: string,
    allowedOrigins: list(string),
    appIds: list(string),
    maxTtlSeconds: { type: 'integer', minimum: 1 },
    version: { type: 'integer', minimum: 1 },
    createdAt: seconds,
    credentialUntil: seconds,
    successorId: string,
    tokensNotBefore: seconds,
  },
  ['keyId', 'purpose', 'label', 'allowedOrigins', 'version', 'createdAt', 'tokensNotBefore'],
);
const listedServiceKey = object(
  { ...serviceKey.properties, lastUsedAt: seconds, lastUsedGrainSeconds: seconds },
  serviceKey.required,
);
const newServiceKey = object({ ...serviceKey.properties, ...notes, apiKey: string }, [
  ...serviceKey.required,
  'apiKey',
]);

const auditEntry = object(
  {
    id: string,
    at: { type: 'integer' },
    subject: string,
    action: string,
    actor: object({ arn: string, userId: string }, ['arn', 'userId']),
    requestId: string,
    code: string,
    count: { type: 'integer', minimum: 1 },
    requestIds: list(string),
    origins: list(string),
    until: { type: 'integer' },
    shortened: { type: 'boolean', const: true },
    before: { type: 'object' },
    after: { type: 'object' },
  },
  ['id', 'at', 'subject', 'action', 'code'],
);
const explanation = { why: string, remedy: string } as const;
const session = object({ arn: string, userId: string, userName: string, createdAt: seconds }, [
  'arn',
  'userId',
  'userName',
  'createdAt',
]);
const corrupt = { type: 'boolean', const: true } as const;

/** Schemas that have a name in documents. */
export const adminSchemas = {
  Shop: shop,
  ShopKey: shopKey,
  ServiceKey: serviceKey,
  ListedServiceKey: listedServiceKey,
  NewServiceKey: newServiceKey,
  AuditEntry: auditEntry,
  AdminSession: session,
} as const satisfies Readonly<Record<string, Schema>>;

/** Everything below /admin/api that requires a session, by action. */
export const adminApi = {
  'show-session': { method: 'GET', path: '/session', summary: 'Show the logged-in user', answer: session },
  'end-session': { method: 'DELETE', path: '/session', summary: 'Log out' },
  'create-login-link': {
    method: 'POST',
    path: '/login-links',
    summary: 'The code of a one-time link that logs your browser in',
    answer: object({ code: string, expiresIn: { type: 'integer' } }, ['code', 'expiresIn']),
  },
  'show-status': {
    method: 'GET',
    path: '/status',
    summary: 'Version and stage of this gate, and whether its stores respond',
    answer: object(
      {
        deployment: string,
        keyEnvironment: { type: 'string', enum: ['live', 'test'] },
        shopTable: boolean,
        ring: boolean,
      },
      ['deployment', 'keyEnvironment', 'shopTable', 'ring'],
    ),
  },
  'list-shops': {
    method: 'GET',
    path: '/shops',
    summary: 'List shops, page by page',
    request: {
      members: {
        limit: perPage(limits.maxShopsPerPage),
        cursor: { type: 'string', format: 'shop-cursor', form: CURSOR },
      },
    },
    answer: object(
      { shops: list({ anyOf: [shop, object({ shopId: string, corrupt }, ['shopId', 'corrupt'])] }), cursor: string },
      ['shops'],
    ),
  },
  'create-shop': {
    method: 'POST',
    path: '/shops',
    summary: 'Create a shop; its API key is shown this once',
    creates: true,
    request: {
      members: {
        name,
        url,
        exact: no,
        origins: { ...anyOrigins, form: origins.form, default: [] },
        app: no,
        requireOrigin: no,
        clientToken: {
          type: 'string',
          pattern: '^[\\x21-\\x7e]{16,128}$',
          form: '16 to 128 printable ASCII characters without spaces',
        },
      },
      required: ['url'],
    },
    answer: createdShop,
  },
  'show-shop': { method: 'GET', path: '/shops/{shopId}', summary: 'Show one shop', hasVersion: true, answer: shop },
  'set-switches': {
    method: 'PATCH',
    path: '/shops/{shopId}',
    summary: 'Rename a shop, change its URL, disable or enable it, pause or resume issuing, require an origin',
    request: {
      members: {
        disabled: yesOrNo,
        issuingPaused: yesOrNo,
        requireOrigin: yesOrNo,
        name,
        url,
        moveOrigins: yesOrNo,
        exact: yesOrNo,
      },
      oneOf: ['disabled', 'issuingPaused', 'requireOrigin', 'name', 'url'],
    },
    hasVersion: true,
    answer: shopWithNotes,
  },
  'delete-shop': {
    method: 'DELETE',
    path: '/shops/{shopId}',
    summary: 'Delete a shop that has been disabled for 24 hours',
    hasVersion: true,
  },
  'rotate-key': {
    method: 'POST',
    path: '/shops/{shopId}/keys/rotate',
    summary: 'Create a new key; the old one stays valid for the overlap',
    request: { members: { overlapSeconds, force: no } },
    hasVersion: true,
    answer: shopWithKey,
  },
  'reset-keys': {
    method: 'POST',
    path: '/shops/{shopId}/keys/reset',
    summary: 'Create a new key; the old ones and their tokens stop now',
    hasVersion: true,
    answer: shopWithKey,
  },
  'retire-key': {
    method: 'POST',
    path: '/shops/{shopId}/keys/retire',
    summary: 'End the overlap now',
    hasVersion: true,
    answer: shop,
  },
  'undo-rotation': {
    method: 'POST',
    path: '/shops/{shopId}/keys/undo',
    summary: 'Undo a rotation',
    hasVersion: true,
    answer: shop,
  },
  'revoke-tokens': {
    method: 'POST',
    path: '/shops/{shopId}/tokens/revoke',
    summary: 'Refuse every token issued up to now',
    hasVersion: true,
    answer: shopWithNotes,
  },
  'undo-revoke-tokens': {
    method: 'POST',
    path: '/shops/{shopId}/tokens/undo',
    summary: 'Undo the last revocation',
    hasVersion: true,
    answer: shop,
  },
  'explain-token': {
    method: 'POST',
    path: '/shops/{shopId}/tokens/explain',
    summary: 'Explain why a token is or is not accepted',
    request: { members: { token: word, origin }, required: ['token'] },
    answer: object(
      {
        valid: boolean,
        reason: string,
        issuedAt: nullable(seconds),
        expiresAt: nullable(seconds),
        keyId: nullable(string),
        hint: string,
        ...explanation,
      },
      ['valid', 'reason', 'issuedAt', 'expiresAt', 'keyId'],
    ),
  },
  'add-origins': {
    method: 'POST',
    path: '/shops/{shopId}/origins',
    summary: 'Allow origins',
    request: { members: { origins, app: no }, required: ['origins'] },
    hasVersion: true,
    answer: shopWithNotes,
  },
  'remove-origins': {
    method: 'POST',
    path: '/shops/{shopId}/origins/remove',
    summary: 'Remove allowed origins',
    request: { members: { origins }, required: ['origins'] },
    hasVersion: true,
    answer: shop,
  },
  'test-origin': {
    method: 'POST',
    path: '/shops/{shopId}/origins/test',
    summary: 'Check whether an origin is allowed',
    request: { members: { origin }, required: ['origin'] },
    answer: object({ allowed: boolean, origin: string }, ['allowed', 'origin']),
  },
  'list-service-keys': {
    method: 'GET',
    path: '/service-keys',
    summary: 'List service keys, without their secret texts',
    answer: object(
      {
        serviceKeys: list({
          anyOf: [listedServiceKey, object({ keyId: string, corrupt }, ['keyId', 'corrupt'])],
        }),
      },
      ['serviceKeys'],
    ),
  },
  'add-service-key': {
    method: 'POST',
    path: '/service-keys',
    summary: 'Create an analytics, data-router or dev key; it is shown this once',
    creates: true,
    request: {
      by: 'purpose',
      variants: {
        'data-router': { members: { label, purpose: purpose('data-router') }, required: ['label', 'purpose'] },
        analytics: {
          members: {
            label,
            purpose: purpose('analytics'),
            ...keyScope,
            maxTtlSeconds: maxTtlSeconds(limits.maxSecurityTokenTtlSeconds),
          },
          required: ['label', 'purpose'],
        },
        dev: {
          members: {
            label,
            purpose: purpose('dev'),
            ...keyScope,
            maxTtlSeconds: maxTtlSeconds(limits.maxDevKeySeconds),
          },
          required: ['label', 'purpose'],
        },
      },
    },
    answer: newServiceKey,
  },
  'rotate-service-key': {
    method: 'POST',
    path: '/service-keys/{keyId}/rotate',
    summary: 'Create a successor; the old key stays valid for the overlap',
    request: { members: { overlapSeconds } },
    answer: newServiceKey,
  },
  'revoke-service-key': {
    method: 'POST',
    path: '/service-keys/{keyId}/revoke',
    summary: 'End a service key now, with the tokens and sessions created with it',
    answer: serviceKey,
  },
  'revoke-service-key-tokens': {
    method: 'POST',
    path: '/service-keys/{keyId}/tokens/revoke',
    summary: 'Refuse every token and session created with a service key up to now',
    answer: serviceKey,
  },
  'revoke-subject': {
    method: 'POST',
    path: '/revocations',
    summary: 'Refuse every token and session of a user, client or app up to now',
    request: {
      members: {
        kind: subjectKind,
        id: subjectId,
      },
      required: ['kind', 'id'],
    },
    answer: object({ kind: subjectKind, id: string, notBefore: seconds }, ['kind', 'id', 'notBefore']),
  },
  'explain-request': {
    method: 'GET',
    path: '/explain/{requestId}',
    summary: 'Explain why a call was refused and what to do, by its request ID',
    answer: object({ entry: auditEntry, origin: string, ...explanation }, ['entry']),
  },
  'query-audit': {
    method: 'GET',
    path: '/audit',
    summary: 'Show the audit trail, newest first, filtered',
    request: {
      members: {
        subject: word,
        actor: word,
        performed: word,
        code: word,
        requestId: word,
        from: { type: 'string', format: 'first-moment', form: MOMENT },
        to: { type: 'string', format: 'last-moment', form: MOMENT },
        limit: perPage(limits.maxAuditEntriesPerPage),
        cursor: { ...word, form: CURSOR },
      },
    },
    answer: object({ entries: list(auditEntry), cursor: string, incomplete: { type: 'boolean', const: true } }, [
      'entries',
    ]),
  },
} as const satisfies Readonly<Record<string, AdminRoute>>;

type AdminApi = typeof adminApi;
export type AdminAction = keyof AdminApi;

type ParametersIn<Path> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | ParametersIn<Rest> : never;

/** The placeholders in the path of an action. */
export type PathOf<A extends AdminAction> = Readonly<Record<ParametersIn<AdminApi[A]['path']>, string>>;

/** The response body of an action. */
export type AnswerOf<A extends AdminAction> = AdminApi[A] extends { readonly answer: infer S } ? Infer<S> : undefined;

type RequiredIn<R> = R extends { readonly required: infer Names extends readonly string[] } ? Names : readonly [];
type AsObject<R> = R extends { readonly members: infer P } ? { properties: P; required: RequiredIn<R> } : never;

/** The query or the body of a request, without the parameters of its path. */
export type RequestOf<A extends AdminAction> = AdminApi[A] extends { readonly request: infer R }
  ? R extends { readonly variants: infer V }
    ? { [K in keyof V]: Infer<AsObject<V[K]>> }[keyof V]
    : Infer<AsObject<R>>
  : Readonly<Record<never, never>>;

/** A request as the gate parses it: with the parameters of its path, and the versions that a change may find. */
export type ReadRequest<A extends AdminAction> = PathOf<A> &
  (AdminApi[A] extends { readonly request: infer R }
    ? R extends { readonly variants: infer V }
      ? { [K in keyof V]: Read<AsObject<V[K]>> }[keyof V]
      : Read<AsObject<R>>
    : unknown) &
  (AdminApi[A] extends { readonly hasVersion: true } ? { readonly expectedVersions?: readonly number[] } : unknown);

/** Every route and its action. */
export const adminRoutes: readonly (AdminRoute & { readonly action: AdminAction })[] = Object.entries(adminApi).map(
  ([action, route]) => ({ ...route, action: action as AdminAction }),
);

/** Types of the admin API's responses, by name. Times are Unix seconds. */
export type ShopView = Infer<typeof shop>;
export type OverlapSeconds = Infer<typeof overlapSeconds>;
export type KeyView = ShopView['keys'][number];
export type RegistrationNotes = Pick<Infer<typeof shopWithNotes>, 'normalized' | 'warnings'>;
export type ServiceKeyView = Infer<typeof listedServiceKey>;
export type Purpose = ServiceKeyView['purpose'];
export type AuditEntryView = Infer<typeof auditEntry>;
