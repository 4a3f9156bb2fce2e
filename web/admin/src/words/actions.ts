import type { AdminAction, adminApi } from '#contract/admin-api.ts';

/** Actions that change something: each leaves an entry in the audit trail. */
type Change = Exclude<
  { [A in AdminAction]: (typeof adminApi)[A]['method'] extends 'GET' ? never : A }[AdminAction],
  // The trail calls it `log-out`; the others are only queries.
  'end-session' | 'explain-token' | 'test-origin'
>;

/** The actions of the audit trail, as the console shows them. */
const words: Readonly<Record<Change | 'edit-shop' | 'log-in' | 'log-out' | 'refuse-calls', string>> = {
  'log-in': 'Logged in',
  'log-out': 'Logged out',
  'create-login-link': 'Created a login link',
  'refuse-calls': 'Refused calls',
  'create-shop': 'Created the shop',
  'set-switches': 'Set switches',
  'edit-shop': 'Edited the shop',
  'delete-shop': 'Deleted the shop',
  'rotate-key': 'Rotated the key',
  'reset-keys': 'Reset the keys',
  'retire-key': 'Retired the old key',
  'undo-rotation': 'Undid a rotation',
  'revoke-tokens': 'Revoked tokens',
  'undo-revoke-tokens': 'Undid a revocation',
  'add-origins': 'Added origins',
  'remove-origins': 'Removed origins',
  'add-service-key': 'Added a service key',
  'rotate-service-key': 'Rotated a service key',
  'revoke-service-key': 'Revoked a service key',
  'revoke-service-key-tokens': "Revoked a service key's tokens",
  'revoke-subject': 'Revoked a user, client or app',
};

const byAction = new Map(Object.entries(words));

export const actionWords = (action: string): string => byAction.get(action) ?? action;

/** The available filters. */
export const knownActions: readonly string[] = [...byAction.keys()];
