import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launchChromium } from '../support/chromium.ts';
import { startLocal } from '../support/local-process.ts';

// Takes the pictures of the demo for the documentation: node test/browser/demo-screenshots.ts [directory]
const directory = process.argv[2] ?? join(import.meta.dirname, '../../docs/images');
mkdirSync(directory, { recursive: true });
const [browser, gate] = await Promise.all([launchChromium(), startLocal('--memory')]);
try {
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ colorScheme, viewport: { width: 1_000, height: 640 } });
    const page = await context.newPage();
    await page.goto(gate.announcement.demoUrl);
    await page.getByRole('searchbox').fill('wood');
    await page.getByRole('button', { name: 'tampered' }).click();
    await page.getByRole('search').getByRole('link').first().waitFor();
    await page.locator('#outcome b').waitFor();
    await page.screenshot({ path: join(directory, `demo-shop-${colorScheme}.png`) });
    await page.goto(`${gate.announcement.demoUrl}/portal`);
    for (const nth of [0, 1]) await page.getByRole('heading', { name: 'Sales this month' }).nth(nth).waitFor();
    await page.screenshot({ path: join(directory, `demo-portal-${colorScheme}.png`) });
    await context.close();
  }
} finally {
  await Promise.all([browser.close(), gate.end('SIGTERM')]);
}
