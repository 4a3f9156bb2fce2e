import * as v from 'valibot';

/**
 * The version of the shape of every item that is written. A release that changes a shape first learns to read the new one, and only a later
 * release writes it; what has a version that this code doesn't know is corrupt to it, and never half believed.
 */
export const SCHEMA_VERSION = 1;

/** For items that always had one. */
export const schemaVersion = v.literal(SCHEMA_VERSION);

/** For items that were written without one before: those are of version 1. */
export const schemaVersionOrNone = v.exactOptional(schemaVersion);
