import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { administratorAt } from '../support/administer.ts';
import { launchChromium } from '../support/chromium.ts';
import { logInAs, startConsoleWorld } from '../support/console-page.ts';
import type { TestShop } from '../support/gate.ts';

// Takes the pictures of the console for the documentation: node test/browser/screenshots.ts [directory [all]]
const FOR_THE_DOCUMENTATION = ['login-light', 'shops-light', 'shop-dark', 'audit-dark'];
const all = process.argv[3] === 'all';
const directory = process.argv[2] ?? join(import.meta.dirname, '../../docs/images');
mkdirSync(directory, { recursive: true });

const world = await startConsoleWorld(() => launchChromium());
const { gate, admin } = world;
const administer = administratorAt(gate.host.baseUrl, admin);
const createShop = async (url: string, more: object = {}): Promise<TestShop> =>
  (await administer({ action: 'create-shop', url, ...more })) as unknown as TestShop;

await administer({ action: 'set-switches', shopId: gate.shop.shopId, switches: { requireOrigin: true } });
const bakery = await createShop('https://bakery.example.com', { origins: ['https://*.bakery.example.com'] });
const books = await createShop('https://books.example.org');
const garden = await createShop('https://garden-tools.example.net');
await createShop('https://www.vinyl.example');
await createShop('https://tea.example.co.uk');
await administer({ action: 'rotate-key', shopId: bakery.shopId });
await administer({ action: 'set-switches', shopId: books.shopId, switches: { issuingPaused: true } });
await administer({ action: 'set-switches', shopId: garden.shopId, switches: { disabled: true } });
await administer({ action: 'add-origins', shopId: bakery.shopId, origins: ['https://order.bakery.example'] });
await administer({ action: 'remove-origins', shopId: bakery.shopId, origins: ['https://www.bakery.example.com'] });
await administer({
  action: 'add-service-key',
  purpose: 'analytics',
  label: 'acme portal',
  allowedOrigins: ['https://portal.acme.example'],
});
await administer({ action: 'add-service-key', purpose: 'data-router', label: 'nightly export' });
await administer({ action: 'add-service-key', purpose: 'dev', label: 'alice' });
await gate.call({
  method: 'POST',
  path: `/api/shops/${books.shopId}/widget-token`,
  headers: [['X-Shop-API-Key', books.apiKey]],
});

type Scene = readonly [name: string, place: string, prepare?: (page: Page) => Promise<unknown>];
const scenes: readonly Scene[] = [
  ['shops', '#/shops'],
  ['shop', `#/shops/${bakery.shopId}`],
  ['audit', `#/audit?shop=${bakery.shopId}`, (page) => page.locator('summary', { hasText: 'Removed origins' }).click()],
  ...(all
    ? ([
        ['shop-new', '#/shops/new'],
        ['shop-origins', `#/shops/${bakery.shopId}/origins`],
        ['shop-tokens', `#/shops/${bakery.shopId}/tokens`],
        ['shop-integrate', `#/shops/${bakery.shopId}/integrate`],
        ['shop-activity', `#/shops/${bakery.shopId}/activity`],
        ['rotate', `#/shops/${gate.shop.shopId}`, (page) => page.getByRole('button', { name: 'Rotate…' }).click()],
        ['reset', `#/shops/${gate.shop.shopId}`, (page) => page.getByRole('button', { name: 'Reset…' }).click()],
        ['service-keys', '#/service-keys'],
        ['service-key-new', '#/service-keys/new'],
        ['revocations', '#/revocations'],
        ['audit-all', '#/audit'],
        ['explain', '#/explain/no-such-request'],
        ['status', '#/status'],
        ['shortcuts', '#/status', (page) => page.keyboard.press('?')],
      ] satisfies Scene[])
    : []),
];

for (const colorScheme of ['light', 'dark'] as const) {
  const options = { colorScheme, viewport: { width: 1280, height: 800 } };
  const shoot = async (page: Page, name: string): Promise<void> => {
    const picture = `${name}-${colorScheme}`;
    if (!all && !FOR_THE_DOCUMENTATION.includes(picture)) return;
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(directory, `console-${picture}.png`) });
  };
  const { page } = await world.open(options);
  await shoot(page, 'login');
  await logInAs(page, admin);
  await page.getByRole('navigation', { name: 'Console' }).waitFor();
  for (const [name, place, prepare] of scenes) {
    await page.goto(`${world.adminUrl}${place}`);
    await page.reload();
    await page.locator('.skeleton, .skeleton-text').first().waitFor({ state: 'detached' });
    await prepare?.(page);
    await shoot(page, name);
  }
}
await world.close();
