import { parse } from '@babel/parser';

/** A node of Babel's tree, as loosely as a walk over all kinds of nodes needs it. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
}

/** A node on its way from the root: its parents, nearest first, and the function that contains it. */
export interface Visit {
  readonly node: Node;
  readonly parents: readonly Node[];
  /** The member of the parent that holds the node. */
  readonly member: string;
  /** Names of classes and functions from the outside in, joined by dots; `<module>` outside of all functions. */
  readonly functionName: string;
}

export const MODULE = '<module>';

/** Visits every node of a file except its types. Throws for text that is not TypeScript. */
export function visitAll(file: string, source: string, visit: (visit: Visit) => void): void {
  const plugins = file.endsWith('x') ? (['typescript', 'jsx'] as const) : (['typescript'] as const);
  const { program } = parse(source, { sourceType: 'module', plugins: [...plugins] }) as unknown as { program: Node };
  const names = new Map<string, number>();
  walk(program, [], '', MODULE);

  function walk(node: Node, parents: readonly Node[], member: string, outer: string): void {
    if (isTypeOnly(node)) return;
    const functionName = isNamed(node) ? unique(nameIn(outer, nameOf(node, parents[0]))) : outer;
    visit({ node, parents, member, functionName });
    for (const [name, value] of Object.entries(node))
      for (const child of Array.isArray(value) ? value : [value])
        if (isNode(child)) walk(child, [node, ...parents], name, functionName);
  }

  function unique(name: string): string {
    const count = (names.get(name) ?? 0) + 1;
    names.set(name, count);
    return count === 1 ? name : `${name}#${count}`;
  }
}

export const isFunction = ({ type }: Node): boolean =>
  /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ObjectMethod|ClassMethod|ClassPrivateMethod)$/.test(
    type,
  );

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value;

/** Wrappers such as `as` hold an expression; every other node of TypeScript disappears before the code runs. */
const isTypeOnly = ({ type, importKind, exportKind, declare }: Node): boolean =>
  (/^TS/.test(type) && !/^TS(AsExpression|SatisfiesExpression|NonNullExpression|ParameterProperty)$/.test(type)) ||
  /^(ImportDeclaration|Comment)/.test(type) ||
  importKind === 'type' ||
  exportKind === 'type' ||
  declare === true;

const isNamed = (node: Node): boolean => isFunction(node) || node.type === 'ClassDeclaration';

const nameIn = (outer: string, name: string): string => (outer === MODULE ? name : `${outer}.${name}`);

function nameOf(node: Node, parent: Node | undefined): string {
  const holder = [node.id, node.key, parent?.type === 'VariableDeclarator' ? parent.id : parent?.key].find(isNode);
  if (holder === undefined) return 'function';
  const name = holder.type === 'PrivateName' ? `#${String((holder.id as Node).name)}` : (holder.name ?? holder.value);
  return typeof name === 'string' ? name : 'function';
}
