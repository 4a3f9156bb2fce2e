import { limits } from '#contract/limits.ts';
import { type Route, routes } from '#contract/routes.ts';
import { code, pageHead, table } from './page.ts';

type LimitName = keyof typeof limits;

const PURPOSE = `This page is for developers and operators who plan with numbers: how long credentials live, how large requests may be, how soon a change is in
force. It lists every limit with its value, its unit and where it applies.`;

/** Units by the end of a name; the first that fits. */
const units: readonly [RegExp, string][] = [
  [/Milliseconds$/, 'ms'],
  [/Seconds$/, 's'],
  [/Days$/, 'days'],
  [/Bytes$/, 'bytes'],
  [/Chars$/, 'characters'],
  [/Ratio$/, 'part of the time'],
  [/CallsPerAddress$/, 'calls a window'],
  [/PerMinute$/, 'a minute'],
  [/PerPage$/, 'a page'],
  [/PerShop$/, 'a shop or key'],
  [/PerKey$/, 'a key'],
  [/PerEntry$/, 'an entry'],
  [/Timeouts$/, 'in a row'],
  [/(ServiceKeys|Addresses|CacheEntries|Attempts)$/, ''],
];

/** A group of limits with their descriptions. */
interface Group {
  readonly title: string;
  readonly limits: { readonly name: LimitName; readonly description: string }[];
}

/** Reads the groups and descriptions from the text of contract/limits.ts. Throws for a limit without either. */
export function readGroups(text: string): readonly Group[] {
  const groups: Group[] = [];
  let description = '';
  for (const [, title, comment, name] of text.matchAll(/^ {2}(?:\/\/ (.+)|\/\*\*\s+([\s\S]*?)\s*\*\/|(\w+):.*)$/gm)) {
    if (title !== undefined) groups.push({ title, limits: [] });
    if (comment !== undefined) description = comment.replaceAll(/\s*\n\s*\*\s*/g, ' ');
    if (name === undefined) continue;
    if (description === '') throw new Error(`contract/limits.ts does not describe ${name}`);
    const group = groups.at(-1);
    if (group === undefined) throw new Error(`contract/limits.ts has ${name} outside of a group`);
    group.limits.push({ name: name as LimitName, description });
    description = '';
  }
  return groups;
}

/** docs/limits.md, from the text of contract/limits.ts. */
export function limitsPage(text: string): string {
  const groups = readGroups(text);
  const missing = Object.keys(limits).filter(
    (name) => !groups.some((group) => group.limits.some((one) => one.name === name)),
  );
  if (missing.length > 0) throw new Error(`contract/limits.ts is not read as it is: ${missing.join(', ')}`);
  const sections = groups.map(
    ({ title, limits: own }) =>
      `## ${title}\n\n${table(
        ['limit', 'value', 'where it applies'],
        own.map(({ name, description }) => [code(name), shownValue(name), description]),
      )}`,
  );
  return `${[pageHead('Limits', PURPOSE), ...sections, throttles()].join('\n\n')}\n`;
}

function shownValue(name: LimitName): string {
  const unit = units.find(([ending]) => ending.test(name))?.[1];
  if (unit === undefined) throw new Error(`bin/references/limits.ts has no unit for ${name}`);
  const values = [limits[name]].flat() as number[];
  const shown = values.map((value) => value.toLocaleString('en-US')).join(', ');
  return `${shown} ${unit}${inLargerUnit(values, unit)}`.trimEnd();
}

/** Seconds as people say them: ` (24 h)`. */
function inLargerUnit([value = 0, ...others]: readonly number[], unit: string): string {
  if (unit !== 's' || others.length > 0 || value < 120) return '';
  const [size, name] =
    value % 86_400 === 0 && value > 86_400 ? [86_400, 'days'] : value % 3_600 === 0 ? [3_600, 'h'] : [60, 'min'];
  return ` (${value / size} ${name})`;
}

const throttles = (): string => `## Requests of a route

API Gateway rejects what exceeds these with [\`too_many_requests\`](errors.md#too_many_requests). They hold for all callers together.

${table(
  ['route', 'requests a second', 'burst'],
  routes.map(({ method, path, throttle }: Route) => [
    code(`${method} ${path}`),
    throttle.ratePerSecond.toLocaleString('en-US'),
    throttle.burst.toLocaleString('en-US'),
  ]),
)}`;
