import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { consoleUrlOf } from '#bin/start/stage.ts';
import type { AwsUser } from './admin.ts';
import { openPage, type WatchedPage } from './chromium.ts';
import { type RunningGate, startGate } from './gate.ts';

/** A gate, its console, a browser, and an administrator who may use both. */
export interface ConsoleWorld {
  readonly gate: RunningGate;
  readonly admin: AwsUser;
  readonly adminUrl: string;
  readonly browser: Browser;
  /** A page that shows the login. */
  open(options?: BrowserContextOptions): Promise<WatchedPage>;
  /** A page of somebody who is logged in, at a place such as `#/audit`. */
  enter(place?: string, options?: BrowserContextOptions): Promise<WatchedPage>;
  close(): Promise<void>;
}

export async function startConsoleWorld(launch: () => Promise<Browser>): Promise<ConsoleWorld> {
  const [gate, browser] = await Promise.all([startGate(), launch()]);
  const admin = gate.createUser('alice', true);
  const adminUrl = consoleUrlOf(gate.host) ?? '';
  const open = async (options?: BrowserContextOptions): Promise<WatchedPage> => {
    const watched = await openPage(browser, options);
    await watched.page.goto(adminUrl);
    await watched.page.getByRole('heading', { name: 'Log in' }).waitFor();
    return watched;
  };
  return {
    gate,
    admin,
    adminUrl,
    browser,
    open,
    async enter(place = '#/shops', options) {
      const watched = await openPage(browser, options);
      await watched.page.goto(`${adminUrl}${place}`);
      await logInAs(watched.page, admin);
      await watched.page.getByRole('navigation', { name: 'Console' }).waitFor();
      return watched;
    },
    async close() {
      await browser.close();
      await gate.close();
    },
  };
}

/** Fills in the login and sends it. */
export async function logInAs(page: Page, user: AwsUser): Promise<void> {
  await page.getByLabel('User name').fill(user.userName);
  await page.getByLabel('Access key ID').fill(user.accessKeyId);
  await page.getByLabel('Secret access key').fill(user.secretAccessKey);
  await page.getByRole('button', { name: 'Log in' }).click();
}
