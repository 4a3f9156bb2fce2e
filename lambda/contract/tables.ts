/** The index of the key table that holds service keys alone. */
export const SERVICE_KEY_INDEX = 'serviceKeys';

/** The index of the audit table by the UTC day of an entry. */
export const AUDIT_DAY_INDEX = 'byDay';
