import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import { findChromium } from '../support/counterparts.ts';
import { startLocal } from '../support/local-process.ts';
import { median } from './interleave.ts';
import { information, type Row, valueAtMost } from './report.ts';

const LOADS = 15;
const web = join(import.meta.dirname, '../../dist/web');
const zippedBytes = (path: string): number => gzipSync(readFileSync(join(web, path)), { level: 9 }).length;

/** Row 12: what a browser loads, and how soon the widget is in the page once its file is there. */
export async function pageRows(): Promise<Row[]> {
  const assets = readdirSync(join(web, 'admin/assets')).map((name) => `admin/assets/${name}`);
  const console = ['admin/index.html', ...assets].reduce((sum, path) => sum + zippedBytes(path), 0);
  return [
    valueAtMost('12', 'widget.js, gzip', zippedBytes('widget.js') / 1_000, 6, ' kB'),
    valueAtMost('12', 'all of the console, gzip', console / 1_000, 150, ' kB'),
    await firstRenderRow(),
  ];
}

async function firstRenderRow(): Promise<Row> {
  const measured = `widget.js loaded to the search box in the page, median of ${LOADS} first visits`;
  if (findChromium() === undefined) return information('12', measured, 'no Chromium here');
  const [browser, gate] = await Promise.all([launchChromium(), startLocal('--memory')]);
  try {
    const milliseconds: number[] = [];
    for (let load = 0; load < LOADS; load += 1)
      milliseconds.push(await firstRender(browser, gate.announcement.demoUrl));
    return valueAtMost('12', measured, median(milliseconds), 100, ' ms');
  } finally {
    await Promise.all([browser.close(), gate.end('SIGTERM')]);
  }
}

async function firstRender(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(`
    new MutationObserver((_changes, observer) => {
      if (!document.querySelector('#shop-search > div')) return;
      observer.disconnect();
      requestAnimationFrame(() => { window.rendered = performance.now(); });
    }).observe(document, { childList: true, subtree: true });
  `);
  await page.goto(url);
  await page.getByRole('searchbox').waitFor();
  const taken = await page.evaluate(
    `rendered - performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/widget.js')).responseEnd`,
  );
  await context.close();
  return Number(taken);
}
