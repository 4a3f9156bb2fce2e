import { isFunction, isNode, MODULE, type Node, visitAll } from './syntax.ts';

/**
 * The file with a probe in every function, which appends `file` and the function's name to a log the first time it runs: in Jest, in a
 * bundle, in a process of its own. Browsers can't write a file; there a probe does nothing.
 */
export function withProbes(file: string, source: string, log: string): string {
  const inserts: { readonly at: number; readonly text: string }[] = [];
  visitAll(file, source, ({ node, functionName }) => {
    if (!isFunction(node) || !isNode(node.body)) return;
    const probe = `__reached(${JSON.stringify(functionName)})`;
    const { body } = node;
    if (body.type === 'BlockStatement') {
      inserts.push({ at: startOfStatements(body), text: `${probe};` });
      return;
    }
    const { start, end } = withParentheses(body, node, source);
    inserts.push({ at: start, text: `(${probe}, ` }, { at: end, text: ')' });
  });
  let text = source;
  // Equal places: what is inserted later is before what is there, so an inner end must come first.
  for (const { at, text: added } of inserts
    .map((insert, order) => ({ ...insert, order }))
    .sort((a, b) => b.at - a.at || b.order - a.order))
    text = text.slice(0, at) + added + text.slice(at);
  return `${text}\n${recorder(file, log)}\n__reached(${JSON.stringify(MODULE)});\n`;
}

const startOfStatements = (body: Node): number => {
  const [first] = body.directives as Node[];
  return first?.end ?? body.start + 1;
};

/** The body of an arrow function with the parentheses that an object needs. */
function withParentheses(body: Node, arrow: Node, source: string): { start: number; end: number } {
  const open = source.lastIndexOf('=>', body.start) + 2;
  return { start: source.slice(open, body.start).includes('(') ? open : body.start, end: arrow.end };
}

/** A function declaration, so that functions that run before the end of the file find it. */
const recorder = (file: string, log: string): string => `function __reached(name) {
  if (typeof process === 'undefined' || typeof process.getBuiltinModule !== 'function') return;
  const seen = (globalThis.__reachedFunctions ??= new Set());
  const line = ${JSON.stringify(file)} + '\\t' + name + '\\n';
  if (seen.has(line)) return;
  seen.add(line);
  process.getBuiltinModule('node:fs').appendFileSync(${JSON.stringify(log)}, line);
}`;
