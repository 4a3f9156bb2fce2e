import { type Result, refusal, success } from './result.ts';

const MAX_DEPTH = 16;
const STRUCTURE = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;

/**
 * Parses a JSON object. Rejects whatever two parsers could understand differently or could harm one: repeated members, a `__proto__`
 * member, nesting deeper than 16, any top-level value except an object.
 */
export function parseStrictJsonObject(text: string): Result<Readonly<Record<string, unknown>>, 'invalid_json'> {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return refusal('invalid_json');
    return hasSoundStructure(text) ? success(value as Record<string, unknown>) : refusal('invalid_json');
  } catch {
    return refusal('invalid_json');
  }
}

/** Checks the tokens of a text that is known to be JSON. */
function hasSoundStructure(json: string): boolean {
  const open: (Set<string> | undefined)[] = [];
  let lastString = '';
  for (const [token] of json.matchAll(STRUCTURE)) {
    if (token === '{' || token === '[') {
      if (open.push(token === '{' ? new Set() : undefined) > MAX_DEPTH) return false;
    } else if (token === '}' || token === ']') {
      open.pop();
    } else if (token === ':') {
      const member = JSON.parse(lastString) as string;
      const members = open.at(-1);
      if (member === '__proto__' || members === undefined || members.has(member)) return false;
      members.add(member);
    } else {
      lastString = token;
    }
  }
  return true;
}
