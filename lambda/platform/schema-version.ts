import * as v from 'valibot';

/**
 * The version of the shape of every stored item. A release that changes a shape first reads the new one, and only a later release writes
 * it. An item with a version that this code does not support is corrupt, and no part of it is used.
 */
export const SCHEMA_VERSION = 1;

/** For items that always had one. */
export const schemaVersion = v.literal(SCHEMA_VERSION);

/** For items that were first written without one: they have version 1. */
export const schemaVersionOrNone = v.exactOptional(schemaVersion);
