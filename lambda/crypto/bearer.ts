const BEARER = /^(?:Bearer +)?([A-Za-z0-9._-]+)$/i;

/**
 * The value of an Authorization header, bare or with the Bearer scheme (RFC 6750 §2.1); undefined when the header was sent several times or
 * has another scheme. `values` are all that were sent.
 */
export const bearerOf = (values: readonly string[]): string | undefined =>
  values.length === 1 ? BEARER.exec(values[0] as string)?.[1] : undefined;
