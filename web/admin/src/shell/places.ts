/** The parts of the console, in the order of the menu; `key` follows `g`. */
export const places = [
  { path: 'shops', name: 'Shops', key: 's' },
  { path: 'service-keys', name: 'Service keys', key: 'k' },
  { path: 'revocations', name: 'Revocations', key: 'r' },
  { path: 'audit', name: 'Audit', key: 'a' },
  { path: 'explain', name: 'Explain a call', key: 'e' },
  { path: 'status', name: 'Status', key: 't' },
] as const;
