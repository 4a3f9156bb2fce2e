import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type ErrorCode, errors } from '#contract/errors.ts';
import { ownFailures } from '#web/widget/own-failures.ts';
import { sentenceFor, textsFor } from '#web/widget/texts.ts';
import packageJson from '../../../package.json';

const web = join(import.meta.dirname, '../../../dist/web');
const read = (path: string): Buffer => readFileSync(join(web, path));
const latest = JSON.parse(read('widget/latest.json').toString()) as Record<'version' | 'path' | 'integrity', string>;

test('widget.js has 6 kB at most on the wire', () => {
  expect(gzipSync(read('widget.js'), { level: 9 }).length).toBeLessThanOrEqual(6_000);
});

test('widget.js reads the same in a page of any encoding', () => {
  expect(read('widget.js').toString('latin1')).toMatch(/^[\t\n -~]+$/);
});

test('the versioned file is the floating one, under the hash that is published', () => {
  const script = read('widget.js');
  expect(latest).toEqual({
    version: packageJson.version,
    path: `/widget/${packageJson.version}/widget.js`,
    integrity: `sha384-${createHash('sha384').update(script).digest('base64')}`,
  });
  expect(read(latest.path).equals(script)).toBe(true);
});

test('declarations are beside the script', () => {
  expect(read(latest.path.replace(/js$/, 'd.ts')).toString()).toContain('const Widget: WidgetScript');
});

test('the page that failures link to has an anchor and a sentence for every code', () => {
  const page = read(latest.path.replace('widget.js', 'errors.html')).toString();
  for (const code of [...Object.keys(errors), ...Object.keys(ownFailures)])
    expect(page).toMatch(new RegExp(`<h3 id="${code}"><code>${code}</code></h3>\n<p>[^<]{10,}</p>`));
});

test('every refusal of the gate has a sentence for readers, in every language', () => {
  const expected: Record<number, string> = { 401: 'late', 403: 'denied', 429: 'busy', 502: 'busy', 503: 'busy' };
  for (const language of ['en', 'de']) {
    const texts = textsFor(language);
    expect(Object.values(texts).every((text) => typeof text === 'string' && text !== '')).toBe(true);
    for (const code of Object.keys(errors) as ErrorCode[]) {
      const { status } = errors[code];
      const sentence = sentenceFor({ code, status, retryable: status === 429 || status > 499 }, texts);
      expect([code, sentence]).toEqual([code, texts[(expected[status] ?? 'broken') as 'late']]);
    }
  }
});
