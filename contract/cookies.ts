/**
 * Names of our cookies. With the prefix `__Host-`, browsers reject them from another host, without TLS or with a path
 * of their own.
 */
export const cookies = {
  session: '__Host-widget-gate-session',
  adminSession: '__Host-widget-gate-admin',
} as const;
