const compiled = new Map<string, RegExp>();

/** Whether an IAM pattern, in which `*` stands for any text and `?` for one character, matches a whole text. */
export function matchesPattern(pattern: string, text: string): boolean {
  if (pattern === text) return true;
  if (!pattern.includes('*') && !pattern.includes('?')) return false;
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    const escaped = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    expression = new RegExp(`^${escaped}$`, 's');
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}
