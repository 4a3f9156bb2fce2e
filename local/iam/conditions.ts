import type { PolicyStatement } from '../model.ts';
import { matchesArn, matchesWildcard } from './wildcard.ts';

/** Values of the condition keys of one request, by key in lower case. */
export type ConditionContext = ReadonlyMap<string, readonly string[]>;

interface Operator {
  readonly negated: boolean;
  readonly matches: (wanted: string, actual: string) => boolean;
}

const equals = (wanted: string, actual: string): boolean => wanted === actual;
const equalsIgnoringCase = (wanted: string, actual: string): boolean => wanted.toLowerCase() === actual.toLowerCase();

const operators = new Map<string, Operator>([
  ['StringEquals', { negated: false, matches: equals }],
  ['StringNotEquals', { negated: true, matches: equals }],
  ['StringEqualsIgnoreCase', { negated: false, matches: equalsIgnoringCase }],
  ['StringNotEqualsIgnoreCase', { negated: true, matches: equalsIgnoringCase }],
  ['StringLike', { negated: false, matches: matchesWildcard }],
  ['StringNotLike', { negated: true, matches: matchesWildcard }],
  ['ArnEquals', { negated: false, matches: matchesArn }],
  ['ArnLike', { negated: false, matches: matchesArn }],
  ['ArnNotEquals', { negated: true, matches: matchesArn }],
  ['ArnNotLike', { negated: true, matches: matchesArn }],
  ['Bool', { negated: false, matches: equalsIgnoringCase }],
]);

/** Whether all conditions of a statement hold. Throws on an operator that is not implemented. */
export function conditionsHold(conditions: PolicyStatement['Condition'], context: ConditionContext): boolean {
  return Object.entries(conditions ?? {}).every(([operator, byKey]) =>
    Object.entries(byKey).every(([key, wanted]) => {
      const wantedTexts = (Array.isArray(wanted) ? wanted : [wanted]).map(String);
      return holds(operator, wantedTexts, context.get(key.toLowerCase()));
    }),
  );
}

function holds(name: string, wanted: readonly string[], actual: readonly string[] | undefined): boolean {
  if (name === 'Null') return wanted.some((text) => (text.toLowerCase() === 'true') === (actual === undefined));
  const [quantifier, plainName] = name.includes(':') ? (name.split(':') as [string, string]) : ['', name];
  const ifExists = plainName.endsWith('IfExists');
  const operator = operators.get(ifExists ? plainName.slice(0, -'IfExists'.length) : plainName);
  if (operator === undefined || !['', 'ForAnyValue', 'ForAllValues'].includes(quantifier))
    throw new Error(`condition operator not implemented: ${name}`);
  if (actual === undefined) return ifExists || quantifier === 'ForAllValues' || (operator.negated && quantifier === '');
  const test = (value: string): boolean => wanted.some((text) => operator.matches(text, value)) !== operator.negated;
  return quantifier === 'ForAllValues' || (quantifier === '' && operator.negated)
    ? actual.every(test)
    : actual.some(test);
}
