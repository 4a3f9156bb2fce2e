import * as v from 'valibot';

/**
 * Describes what is wrong with the members of a small request body, all of which are texts; `forms` describes each in
 * words.
 */
export function sayWrongMember(issue: v.BaseIssue<unknown>, forms: Readonly<Record<string, string>>): string {
  const name = v.getDotPath(issue) ?? '';
  const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
  if (form === undefined)
    return `Body member "${name.slice(0, 40)}" is unknown; allowed are ${Object.keys(forms)
      .map((known) => `"${known}"`)
      .join(', ')}.`;
  return issue.input === undefined
    ? `Body member "${name}" is missing: it must be ${form}.`
    : `Body member "${name}" must be ${form}.`;
}
