import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

import { describeInBrowser } from '../support/chromium.ts';
import { type ConsoleWorld, startConsoleWorld } from '../support/console-page.ts';

type AxeResults = Awaited<ReturnType<AxeBuilder['analyze']>>;

const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];

/** Every page of the console, and what brings it to its richest state. */
const PLACES: readonly (readonly [string, ((page: Page) => Promise<unknown>)?])[] = [
  ['#/shops'],
  ['#/shops?filter=nothing-has-this'],
  ['#/shops/new', (page) => page.getByRole('button', { name: 'Create the shop' }).click()],
  ['#/shops/SHOP', (page) => page.getByRole('button', { name: 'Reset…' }).click()],
  ['#/shops/SHOP/origins'],
  ['#/shops/SHOP', (page) => page.getByRole('button', { name: 'Rotate…' }).click()],
  ['#/shops/SHOP/tokens'],
  ['#/shops/SHOP/integrate', (page) => page.getByRole('tab', { name: 'Python' }).click()],
  ['#/shops/SHOP/activity'],
  ['#/shops/no-such-shop', (page) => page.getByRole('alert').waitFor()],
  ['#/service-keys'],
  ['#/service-keys/new'],
  ['#/service-keys/KEY'],
  ['#/revocations'],
  ['#/audit', (page) => page.locator('.trail summary').first().click()],
  ['#/explain/no-such-request', (page) => page.getByText('filter requestId').waitFor()],
  ['#/status', (page) => page.keyboard.press('?')],
  ['#/no-such-page'],
];

describeInBrowser('every page of the console is accessible', (launch) => {
  let world: ConsoleWorld;
  let keyId: string;
  beforeAll(async () => {
    world = await startConsoleWorld(launch);
    const key = { purpose: 'analytics', label: 'portal', appIds: ['app-1'] };
    keyId = String((await world.gate.administer({ action: 'add-service-key', ...key })).keyId);
    await world.gate.administer({ action: 'rotate-key', shopId: world.gate.shop.shopId });
  });
  afterAll(() => world.close());

  /** In light all rules; in dark what depends on colors. */
  const violations = async (page: Page, place: string): Promise<string[]> => {
    const found: string[] = [];
    for (const [colorScheme, runOnly] of [
      ['light', RULES],
      ['dark', ['color-contrast']],
    ] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const results = (await page.evaluate(`axe.run({ runOnly: ${JSON.stringify(runOnly)} })`)) as AxeResults;
      expect(results.passes.map(({ id }) => id)).toContain('color-contrast');
      found.push(...results.violations.map(({ id, nodes }) => `${place} ${colorScheme}: ${id} ${nodes[0]?.html}`));
    }
    return found;
  };

  /** Brings the rules into a page, where they stay until it is loaded again. */
  const bringAxe = (page: Page): Promise<unknown> =>
    new AxeBuilder({ page }).setLegacyMode().withRules('color-contrast').analyze();

  test('by the rules of WCAG 2.2 AA, in light and in dark', async () => {
    const door = await world.open();
    await bringAxe(door.page);
    const found = await violations(door.page, 'login');
    await door.close();
    const { page, complaints, close } = await world.enter();
    await bringAxe(page);
    for (const [place, prepare] of PLACES) {
      await page.goto(world.adminUrl + place.replace('SHOP', world.gate.shop.shopId).replace('KEY', keyId));
      await page.locator('.skeleton, dialog').first().waitFor({ state: 'detached' });
      await prepare?.(page);
      found.push(...(await violations(page, place)));
    }
    await close();
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test.each([
    ['a narrow window', { width: 320, height: 640 }],
    ['a wide one', { width: 1280, height: 800 }],
  ])('in %s nothing has to be scrolled sideways', async (_name, viewport) => {
    const { page, close } = await world.enter('#/shops', { viewport });
    const wide: string[] = [];
    for (const place of ['#/shops', '#/shops/SHOP', '#/shops/SHOP/integrate', '#/audit', '#/status']) {
      await page.goto(world.adminUrl + place.replace('SHOP', world.gate.shop.shopId));
      await page.locator('.skeleton').first().waitFor({ state: 'detached' });
      if (await page.evaluate('document.documentElement.scrollWidth > innerWidth')) wide.push(place);
    }
    await close();
    expect(wide).toEqual([]);
  });
});
