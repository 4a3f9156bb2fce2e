import { parse } from '@babel/parser';

/** One line of a text that a person reads. */
export interface Prose {
  readonly line: number;
  readonly text: string;
  /** The first word of the next line, because a form may continue there. */
  readonly next: string;
}

/** Two words or more: not a name, a path or a value for programs. */
const isSentence = (text: string): boolean => /[a-zA-Z]{2,}[^a-zA-Z]* [^a-zA-Z]*[a-zA-Z]{2,}/.test(text);

/** The comments of a source file, and the sentences in its string literals, templates and JSX. */
export function proseOfSource(file: string, code: string): Prose[] {
  const { comments, tokens } = parse(code, {
    sourceType: 'unambiguous',
    plugins: file.endsWith('x') ? ['typescript', 'jsx'] : ['typescript'],
    tokens: true,
    allowReturnOutsideFunction: true,
  });
  const literals = (tokens as { type: { label?: string }; value: unknown; loc: { start: { line: number } } }[])
    .filter(
      ({ type, value }) => typeof value === 'string' && /^(string|template|jsxText|`|\.\.\.`)/.test(type.label ?? ''),
    )
    .map(({ value, loc }) => ({ line: loc.start.line, text: String(value) }));
  return [
    ...(comments ?? []).map(({ value, loc }) => ({ line: loc?.start.line ?? 0, text: value })),
    ...literals.filter(({ text }) => isSentence(text)),
  ].flatMap(linesOf);
}

/** The text of a Markdown file without its code blocks and code spans. */
export function proseOfMarkdown(text: string): Prose[] {
  const withoutBlocks = text.replaceAll(/^( *)(```|~~~)[\s\S]*?^\1\2$/gm, (block) => block.replaceAll(/[^\n]/g, ''));
  return linesOf({ line: 1, text: withoutBlocks.replaceAll(/`[^`\n]*`/g, '`x`') });
}

function linesOf({ line, text }: { readonly line: number; readonly text: string }): Prose[] {
  const lines = text.split('\n').map((each) => each.replace(/^\s*(\*|\/\/) ?/, '').trim());
  return lines.map((each, index) => ({ line: line + index, text: each, next: lines[index + 1]?.split(' ')[0] ?? '' }));
}
