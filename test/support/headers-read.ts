import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { headers } from '#contract/headers.ts';

const ROOT = join(import.meta.dirname, '../../lambda');

/** The names of request headers that the functions read, in lower case. */
export interface HeadersRead {
  readonly literal: readonly string[];
  /** Those that are read by an expression, by `file: expression`. */
  readonly byVariable: Readonly<Record<string, readonly string[]>>;
}

/** Every header that the sources of the functions read through `headerValues`. Throws for an expression whose names are not known here. */
export function headersRead(): HeadersRead {
  const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const sources = new Map(files.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));
  const serverCall = sources.get('platform/server-call.ts') ?? '';
  const known: Readonly<Record<string, readonly string[]>> = {
    'platform/server-call.ts: own': [...sources.values()].flatMap((source) =>
      namesIn(source, /presentedKeys\([^()]*,\s*'([a-z-]+)'\s*\)/g),
    ),
    'platform/server-call.ts: name': namesIn(
      serverCall.slice(serverCall.indexOf('const keyHeaders'), serverCall.indexOf('export const presentedKeys')),
      /'([a-z]+(?:-[a-z]+)*)'(?=[:,\]])/g,
    ),
    'forwarding/forward.ts: name': [headers.widgetToken, headers.serviceKey].map((name) => name.toLowerCase()),
    'platform/caller-address.ts: headers.edgeMark.toLowerCase()': [headers.edgeMark.toLowerCase()],
  };
  const literal: string[] = [];
  const byVariable: Record<string, readonly string[]> = {};
  for (const [file, source] of sources)
    for (const expression of expressionsIn(source)) {
      const [, name] = /^'([a-z-]+)'$/.exec(expression) ?? [];
      const place = `${file}: ${expression}`;
      if (name !== undefined) literal.push(name);
      else if (known[place] === undefined) throw new Error(`which headers does ${place} read?`);
      else byVariable[place] = known[place];
    }
  return { literal, byVariable };
}

const namesIn = (source: string, pattern: RegExp): string[] =>
  [...source.matchAll(pattern)].map(([, name]) => name as string);

/** The last argument of every call of `headerValues`, as it is written. */
const expressionsIn = (source: string): string[] =>
  [...source.matchAll(/(?<!function )\bheaderValues\(/g)].map(({ index, 0: { length } }) => {
    let [at, depth] = [index + length, 1];
    let from = at;
    while (depth > 0) {
      const char = source[at];
      if (char === '(') depth += 1;
      else if (char === ')') depth -= 1;
      // A comma after the last argument begins none.
      else if (char === ',' && depth === 1 && !/^\s*\)/.test(source.slice(at + 1))) from = at + 1;
      at += 1;
    }
    return source
      .slice(from, at - 1)
      .trim()
      .replace(/,$/, '');
  });
