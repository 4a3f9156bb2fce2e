import { hash, randomBytes } from 'node:crypto';

/** 256 random bits as text for headers and cookies. The value that it opens is stored by its digest only. */
export const newSecretId = (): string => randomBytes(32).toString('base64url');

/** Whether a text has the shape of such an id. */
export const isSecretId = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text);

/** SHA-256 in hex. A fast hash is right for random bits. */
export const digestOf = (text: string): string => hash('sha256', text, 'hex');
