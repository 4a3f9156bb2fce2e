/** Names of our cookies. `__Host-` has browsers refuse them from another host, without TLS or for a part of the path. */
export const cookies = {
  session: '__Host-widget-gate-session',
  adminSession: '__Host-widget-gate-admin',
} as const;
