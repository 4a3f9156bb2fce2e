import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const root = join(import.meta.dirname, '../../../dist/web');
const page = readFileSync(join(root, 'admin/index.html'), 'utf8');
const loaded = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url as string);
const files = loaded.filter((url) => !url.startsWith('data:'));

test('the first view of the console is 60 kB at most, gzipped', () => {
  const contents = [Buffer.from(page), ...files.map((url) => readFileSync(join(root, url)))];
  expect(files.length).toBeGreaterThanOrEqual(2);
  expect(contents.reduce((sum, file) => sum + gzipSync(file).length, 0)).toBeLessThanOrEqual(60_000);
});

test('the console loads nothing from elsewhere, and nothing is in the page that its policy forbids', () => {
  for (const url of files) expect(url).toMatch(/^\/admin\/assets\//);
  expect(page).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|<base|<form/);
  for (const url of files)
    expect(readFileSync(join(root, url), 'utf8')).not.toMatch(/@import|url\(\s*['"]?(?!data:)|\beval\(|new Function/);
});
