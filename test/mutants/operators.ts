import { isFunction, isNode, type Node, type Visit, visitAll } from './syntax.ts';

/** One change of one file. */
export interface Mutant {
  readonly file: string;
  readonly functionName: string;
  /** Counted from 1, for people; nothing is found again by it. */
  readonly line: number;
  readonly lineText: string;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** `original → replacement` on one line, shortened. With the function and the text of its line, this names a mutant across edits. */
  readonly mutation: string;
}

interface Change {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** Every mutant of a file, in the order of the text. */
export function mutantsOf(file: string, source: string): Mutant[] {
  const lines = source.split('\n');
  const mutants: Mutant[] = [];
  visitAll(file, source, (visit) => {
    for (const { start, end, replacement } of changesOf(visit, source)) {
      if (source.slice(start, end) === replacement) continue;
      const line = source.slice(0, start).split('\n').length;
      const mutation = `${onOneLine(source.slice(start, end))} → ${onOneLine(replacement) || 'nothing'}`;
      const lineText = (lines[line - 1] ?? '').trim();
      mutants.push({ file, functionName: visit.functionName, line, lineText, start, end, replacement, mutation });
    }
  });
  return mutants.sort((a, b) => a.start - b.start || a.end - b.end);
}

export const mutate = (source: string, { start, end, replacement }: Mutant): string =>
  source.slice(0, start) + replacement + source.slice(end);

const onOneLine = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 60)} … ${line.slice(-36)}` : line;
};

function changesOf(visit: Visit, source: string): Change[] {
  const { node } = visit;
  const text = (part: unknown): string => (isNode(part) ? source.slice(part.start, part.end) : '');
  const by = (...replacements: string[]): Change[] =>
    replacements.map((replacement) => ({ start: node.start, end: node.end, replacement }));
  switch (node.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
      return replacing(node.test as Node, 'true', 'false');
    case 'WhileStatement':
      return replacing(node.test as Node, 'false');
    case 'LogicalExpression':
      return node.operator === '??' ? by(text(node.left)) : by(text(node.left), text(node.right));
    case 'BinaryExpression':
      return binaryChanges(node, source);
    case 'UnaryExpression':
      return node.operator === '!' ? by(text(node.argument)) : [];
    case 'AssignmentExpression':
      return assignmentChanges(node, source);
    case 'BooleanLiteral':
      return by(String(node.value !== true));
    case 'NumericLiteral':
      return by(node.value === 0 ? '1' : String(Number(node.value) * 10));
    case 'StringLiteral':
      return stringChanges(visit, source);
    case 'TemplateLiteral':
      return isErrorText(visit) ? [] : by('``');
    case 'RegExpLiteral':
      return patternChanges(node, source);
    case 'ReturnStatement':
      return isNode(node.argument) ? replacing(node.argument, 'undefined') : [];
    case 'ArrowFunctionExpression':
      return isNode(node.body) && node.body.type !== 'BlockStatement' ? arrowChanges(node.body, source) : [];
    case 'ExpressionStatement':
    case 'ThrowStatement':
      return by(';');
    case 'ContinueStatement':
    case 'BreakStatement':
      return visit.parents[0]?.type === 'SwitchCase' ? [] : by(';');
    case 'AwaitExpression':
      return by(text(node.argument));
    case 'OptionalMemberExpression':
    case 'OptionalCallExpression':
      return optionalChanges(node, source);
    case 'ObjectExpression':
      return (node.properties as Node[]).map((member) => removal(member, source));
    case 'ArrayExpression':
      return (node.elements as (Node | null)[]).filter(isNode).map((element) => removal(element, source));
    case 'CallExpression':
      return callChanges(node, source);
    default:
      return [];
  }
}

const replacing = ({ start, end }: Node, ...replacements: string[]): Change[] =>
  replacements.map((replacement) => ({ start, end, replacement }));

const OPERATORS = new Map<string, string>(
  Object.entries({
    '<': '<=',
    '<=': '<',
    '>': '>=',
    '>=': '>',
    '===': '!==',
    '!==': '===',
    '+': '-',
    '-': '+',
    '*': '/',
    '/': '*',
    '%': '*',
    '+=': '-=',
    '-=': '+=',
  }),
);

function binaryChanges({ left, right, operator }: Node, source: string): Change[] {
  const other = OPERATORS.get(String(operator));
  if (other === undefined || !isNode(left) || !isNode(right)) return [];
  // A text has no minus.
  if (operator === '+' && [left, right].some(({ type }) => /^(StringLiteral|TemplateLiteral)$/.test(type))) return [];
  return [operatorChange(left, right, String(operator), other, source)];
}

function assignmentChanges({ left, right, operator }: Node, source: string): Change[] {
  const other = OPERATORS.get(String(operator));
  if (other === undefined || !isNode(left) || !isNode(right)) return [];
  return [operatorChange(left, right, String(operator), other, source)];
}

/** The operator alone is replaced, so that the mutation reads as what a person would mistype. */
function operatorChange(left: Node, right: Node, operator: string, other: string, source: string): Change {
  const start = left.end + source.slice(left.end, right.start).lastIndexOf(operator);
  return { start, end: start + operator.length, replacement: other };
}

/** Names of members and the text of an error for developers are not behavior. */
function stringChanges(visit: Visit, source: string): Change[] {
  const { node, parents, member } = visit;
  const isName = member === 'key' && parents[0]?.computed !== true;
  if (isName || isErrorText(visit) || /^(Export|JSXAttribute|TSLiteral)/.test(parents[0]?.type ?? '')) return [];
  return [
    {
      start: node.start,
      end: node.end,
      replacement: source.slice(node.start + 1, node.end - 1) === '' ? "'mutant'" : "''",
    },
  ];
}

const isErrorText = ({ parents }: Visit): boolean =>
  parents
    .slice(0, 3)
    .some(({ type, callee }) => type === 'NewExpression' && isNode(callee) && /Error$/.test(String(callee.name)));

function patternChanges({ start, end, pattern, flags }: Node, source: string): Change[] {
  const text = String(pattern);
  const changed = [
    text.replace(/^\^/, ''),
    text.replace(/(?<!\\)\$$/, ''),
    text.replace(/(?<!\\)\+(?!\?)/, '*'),
    text.replace(/\{(\d+),(\d+)\}/, (_, from, to) => `{${from},${Number(to) + 1}}`),
    text.replace(/\{(\d+)\}/, (_, count) => `{${Number(count) + 1}}`),
  ].filter((other) => other !== text && other !== '');
  const patterns = [...new Set(changed)].map((other) => `/${other}/${String(flags)}`);
  const withoutFlag = flags === '' ? [] : [`/${text}/${String(flags).slice(1)}`];
  return [...patterns, ...withoutFlag]
    .filter((replacement) => replacement !== source.slice(start, end))
    .map((replacement) => ({ start, end, replacement }));
}

/** `() => call()` may lose its answer, as a block may lose a `return`; that of a component or of a function of functions may not. */
const arrowChanges = (body: Node, source: string): Change[] =>
  isFunction(body) || /^JSX/.test(body.type) ? [] : [{ ...around(body, source), replacement: 'undefined' }];

/** An object as the body of an arrow function needs its parentheses, which belong to it. */
function around({ start, end }: Node, source: string): { start: number; end: number } {
  const open = /\(\s*$/.exec(source.slice(0, start));
  const close = /^\s*\)/.exec(source.slice(end));
  const isWrapped = source[start] === '{' && open !== null && close !== null;
  return isWrapped ? { start: start - open[0].length, end: end + close[0].length } : { start, end };
}

function optionalChanges({ start, end, object, callee }: Node, source: string): Change[] {
  const head = [object, callee].find(isNode);
  if (head === undefined) return [];
  const rest = source.slice(head.end, end);
  if (!rest.startsWith('?.')) return [];
  const replacement = source.slice(start, head.end) + (/^\?\.[[(]/.test(rest) ? rest.slice(2) : rest.slice(1));
  return [{ start, end, replacement }];
}

/** Takes a comma along: that behind, or else that before. */
function removal({ start, end }: Node, source: string): Change {
  const behind = /^\s*,/.exec(source.slice(end));
  return { start, end: end + (behind?.[0].length ?? 0), replacement: '' };
}

/** Calls whose receiver serves as well, and pairs of calls that are mistaken for each other. */
const DROPPED =
  /^(trim|trimStart|trimEnd|toLowerCase|toUpperCase|sort|reverse|toSorted|filter|slice|concat|normalize|catch|finally|unref)$/;
const SWAPPED = new Map<string, string>(
  Object.entries({
    every: 'some',
    some: 'every',
    startsWith: 'endsWith',
    endsWith: 'startsWith',
    min: 'max',
    max: 'min',
    floor: 'ceil',
    ceil: 'floor',
  }),
);

function callChanges({ start, end, callee }: Node, source: string): Change[] {
  if (!isNode(callee) || callee.type !== 'MemberExpression' || callee.computed === true) return [];
  const { object, property } = callee;
  if (!isNode(object) || !isNode(property)) return [];
  const name = String(property.name);
  const swapped = SWAPPED.get(name);
  return [
    ...(DROPPED.test(name) ? [{ start, end, replacement: source.slice(object.start, object.end) }] : []),
    ...(swapped === undefined ? [] : replacing(property, swapped)),
  ];
}
