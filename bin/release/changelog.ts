const KINDS = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'];
const UNRELEASED = '[Unreleased]';
const RELEASE = /^\[(\d+)\.(\d+)\.(\d+)\] - (\d{4}-\d{2}-\d{2})$/;

interface Section {
  readonly heading: string;
  readonly text: string;
}

const sectionsOf = (changelog: string): Section[] =>
  changelog
    .split(/^## /m)
    .slice(1)
    .map((part) => ({ heading: part.split('\n')[0] ?? '', text: part.slice(part.indexOf('\n') + 1) }));

/** What breaks the form of Keep a Changelog, each as a sentence; empty where nothing does. */
export function formProblems(changelog: string): string[] {
  const [first, ...releases] = sectionsOf(changelog);
  if (first?.heading !== UNRELEASED) return [`The first section must be "## ${UNRELEASED}".`];
  const headings = releases.map(({ heading }) => heading);
  const misnamed = headings.filter((heading) => !isRelease(heading));
  const numbers = headings.filter(isRelease).map(orderOf);
  const isDescending = numbers.every((number, at) => at === 0 || number < (numbers[at - 1] as number));
  return [
    ...misnamed.map((heading) => `"## ${heading}" must be "## [<major>.<minor>.<patch>] - <year>-<month>-<day>".`),
    ...(isDescending ? [] : ['The newest release must be first.']),
    ...[first, ...releases].flatMap(({ heading, text }) =>
      [...text.matchAll(/^### (.+)$/gm)].flatMap(([, kind = '']) =>
        KINDS.includes(kind) ? [] : [`"### ${kind}" in ${heading} must be one of ${KINDS.join(', ')}.`],
      ),
    ),
  ];
}

/** What keeps a version from being released, each as a sentence; empty where nothing does. */
export function releaseProblems(changelog: string, version: string): string[] {
  const [unreleased, newest] = sectionsOf(changelog);
  const problems = formProblems(changelog);
  if (problems.length > 0) return problems;
  if (!newest?.heading.startsWith(`[${version}] - `))
    return [`The first release in CHANGELOG.md must be "## [${version}] - ${new Date().toISOString().slice(0, 10)}".`];
  return [
    ...(/^- /m.test(newest.text) ? [] : [`The section of ${version} has no entry.`]),
    ...(unreleased?.text.trim() === '' ? [] : [`"## ${UNRELEASED}" must be empty: move its entries to ${version}.`]),
  ];
}

function isRelease(heading: string): boolean {
  const date = RELEASE.exec(heading)?.[4];
  return date !== undefined && new Date(`${date}T00:00Z`).toJSON()?.slice(0, 10) === date;
}

function orderOf(heading: string): number {
  const [, major, minor, patch] = RELEASE.exec(heading) ?? [];
  return (Number(major) * 1e4 + Number(minor)) * 1e4 + Number(patch);
}
