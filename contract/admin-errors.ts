import { type AdminAction, type AdminRoute, adminApi } from './admin-api.ts';
import type { ErrorCode } from './errors.ts';

const ORIGIN = [
  'not_a_url',
  'not_https',
  'not_an_origin',
  'app_origin',
  'ip_literal',
  'single_label_host',
  'loopback_in_production',
  'malformed_host',
  'too_long',
] as const;
const SHOP = ['shop_not_found', 'version_conflict'] as const;
const KEY_CREATION = ['dev_keys_disabled', 'too_many_service_keys', 'id_taken'] as const;

/** The codes that an action itself refuses with; the compiler checks them against the code that carries it out. */
export const adminErrors = {
  'show-session': [],
  'end-session': [],
  'create-login-link': [],
  'show-status': [],
  'list-shops': [],
  'create-shop': [...ORIGIN, 'too_many_origins', 'client_token_reused', 'id_taken'],
  'show-shop': ['shop_not_found'],
  'set-switches': [...SHOP, ...ORIGIN, 'too_many_origins'],
  'delete-shop': [...SHOP, 'shop_not_deletable'],
  'rotate-key': [...SHOP, 'rotation_in_progress', 'id_taken'],
  'reset-keys': [...SHOP, 'id_taken'],
  'retire-key': [...SHOP, 'no_rotation_in_progress'],
  'undo-rotation': [...SHOP, 'no_rotation_in_progress'],
  'revoke-tokens': [...SHOP],
  'undo-revoke-tokens': [...SHOP, 'nothing_to_undo'],
  'explain-token': ['shop_not_found'],
  'add-origins': [...SHOP, ...ORIGIN, 'too_many_origins'],
  'remove-origins': [...SHOP, 'unknown_origin'],
  'test-origin': ['shop_not_found'],
  'list-service-keys': [],
  'add-service-key': [...ORIGIN, ...KEY_CREATION],
  'rotate-service-key': ['service_key_not_found', 'version_conflict', 'key_not_live', ...KEY_CREATION],
  'revoke-service-key': ['service_key_not_found', 'version_conflict', 'key_not_live'],
  'revoke-service-key-tokens': ['service_key_not_found', 'version_conflict'],
  'revoke-subject': ['version_conflict'],
  'explain-request': ['request_not_found', 'search_stopped'],
  'query-audit': ['invalid_request'],
} as const satisfies Readonly<Record<AdminAction, readonly ErrorCode[]>>;

/** What an action itself refuses with. */
export type AdminErrorOf<A extends AdminAction> = (typeof adminErrors)[A][number];

/** All that a call of an action can be refused with, beside the refusals that API Gateway makes on every route. */
export function refusalsOfAction(action: AdminAction): readonly ErrorCode[] {
  const { method, path, hasVersion }: AdminRoute = adminApi[action];
  const codes: readonly ErrorCode[] = [
    'unauthorized',
    'invalid_request',
    ...(method === 'GET' ? [] : (['invalid_json', 'cross_site_request'] as const)),
    // A segment that no ID can be matches no route.
    ...(path.includes('{') ? (['not_found'] as const) : []),
    ...(hasVersion === true ? (['precondition_failed'] as const) : []),
    ...adminErrors[action],
  ];
  return [...new Set(codes)];
}
