import type { AdminAction, adminApi } from '#contract/admin-api.ts';

/** Actions that change something: each leaves an entry in the audit trail. */
type Change = Exclude<
  { [A in AdminAction]: (typeof adminApi)[A]['method'] extends 'GET' ? never : A }[AdminAction],
  // The trail calls it `log-out`; the others only answer a question.
  'end-session' | 'explain-token' | 'test-origin'
>;

/** What an entry of the audit trail was about, in the words of the console. */
const words: Readonly<Record<Change | 'edit-shop' | 'log-in' | 'log-out' | 'refuse-calls', string>> = {
  'log-in': 'Logged in',
  'log-out': 'Logged out',
  'create-login-link': 'Made a login link',
  'refuse-calls': 'Refused calls',
  'create-shop': 'Created the shop',
  'set-switches': 'Set switches',
  'edit-shop': 'Edited the shop',
  'delete-shop': 'Deleted the shop',
  'rotate-key': 'Rotated the key',
  'reset-keys': 'Reset the keys',
  'retire-key': 'Retired the old key',
  'undo-rotation': 'Took a rotation back',
  'revoke-tokens': 'Revoked tokens',
  'undo-revoke-tokens': 'Took a revocation back',
  'add-origins': 'Added origins',
  'remove-origins': 'Removed origins',
  'add-service-key': 'Added a service key',
  'rotate-service-key': 'Rotated a service key',
  'revoke-service-key': 'Revoked a service key',
  'revoke-service-key-tokens': 'Revoked a service key’s tokens',
  'revoke-subject': 'Revoked a user, client or app',
};

const byAction = new Map(Object.entries(words));

export const actionWords = (action: string): string => byAction.get(action) ?? action;

/** What one can filter by. */
export const knownActions: readonly string[] = [...byAction.keys()];
