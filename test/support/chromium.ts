import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findChromium, requireCounterpart } from './counterparts.ts';

export const launchChromium = (executablePath = findChromium(), args: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ ...(executablePath !== undefined && { executablePath }), args: ['--no-sandbox', ...args] });

/** A browser with this folder as its profile, whose user has forbidden every cookie. */
export async function launchWithoutCookies(profile: string): Promise<BrowserContext> {
  mkdirSync(join(profile, 'Default'), { recursive: true });
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
  const executablePath = findChromium();
  return chromium.launchPersistentContext(profile, {
    ...(executablePath !== undefined && { executablePath }),
    args: ['--no-sandbox'],
  });
}

/** A page, and what its console complained of. */
export interface WatchedPage {
  readonly page: Page;
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** A page of a new profile. What a script throws, an error in the console and what the page's policy forbids are complaints. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    const [type, text] = [message.type(), message.text()];
    // Of a call that the gate refused, or that a test cut off, the browser takes note by itself.
    if (type === 'error' && !text.startsWith('Failed to load resource')) complaints.push(text);
    if (/Content Security Policy|TrustedHTML|TrustedScript/.test(text) && type !== 'error') complaints.push(text);
  });
  return { page, complaints, close: () => context.close() };
}

/** `describe` for what needs a browser: where there is none, its tests fail with the line that installs one. */
export function describeInBrowser(
  name: string,
  define: (launch: (...args: string[]) => Promise<Browser>) => void,
): void {
  describe(name, () =>
    define(async (...args) => {
      requireCounterpart('chromium');
      return launchChromium(undefined, args);
    }),
  );
}
