const compiled = new Map<string, RegExp>();

/** Whether a policy's text covers the whole value; `*` matches any characters, `?` one. Case counts. */
export function matchesWildcard(pattern: string, value: string): boolean {
  if (pattern === '*' || pattern === value) return true;
  return compile(pattern).test(value);
}

/** ARNs match part by part: a wildcard in one of the first five never reaches over a colon. Throws on a pattern of fewer than six parts. */
export function matchesArn(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const patternParts = splitArn(pattern);
  if (patternParts.length < 6) throw new Error(`incomplete ARNs in policies are not implemented: ${pattern}`);
  const arnParts = splitArn(arn);
  return arnParts.length === 6 && patternParts.every((part, index) => matchesWildcard(part, arnParts[index] ?? ''));
}

function splitArn(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length < 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

function compile(pattern: string): RegExp {
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    if (pattern.includes('${')) throw new Error(`policy variables are not implemented: ${pattern}`);
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    expression = new RegExp(`^${source}$`, 's');
    compiled.set(pattern, expression);
  }
  return expression;
}
