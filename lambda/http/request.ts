/** Header values by name as API Gateway hands them on: original case, every value. */
export type MultiValueHeaders = Readonly<Record<string, readonly string[] | undefined>> | null;

/** All values of one header, whatever its case, of however many lines. `lowerName` is in lower case. */
export function headerValues(headers: MultiValueHeaders, lowerName: string): string[] {
  const values: string[] = [];
  for (const name in headers) {
    // The length first: it rules out nearly every name without making a string.
    if (name.length === lowerName.length && name.toLowerCase() === lowerName) values.push(...(headers[name] ?? []));
  }
  return values;
}

/** As Node's own fetch names itself; a page can't name its browser so. */
const NODE_FETCH = /^(node|undici)$/;

/**
 * Whether a browser sent the call: they send Sec-Fetch-*, and their scripts can neither set nor remove it. Node's fetch, which servers use,
 * sends a Sec-Fetch-Mode, too, but alone, which no browser does.
 */
export function isFromBrowser(headers: MultiValueHeaders): boolean {
  const marks = Object.keys(headers ?? {}).filter((name) => name.toLowerCase().startsWith('sec-fetch-'));
  if (marks.length !== 1 || marks[0]?.toLowerCase() !== 'sec-fetch-mode') return marks.length > 0;
  return !headerValues(headers, 'user-agent').some((agent) => NODE_FETCH.test(agent));
}
