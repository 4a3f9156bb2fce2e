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

/** Whether a browser sent the call: they alone send Sec-Fetch-*, and their scripts can neither set nor remove it. */
export function isFromBrowser(headers: MultiValueHeaders): boolean {
  for (const name in headers) if (name.toLowerCase().startsWith('sec-fetch-')) return true;
  return false;
}
