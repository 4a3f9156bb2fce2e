/** What the pages of an app say as their origin, by how it begins, and who else says the same. */
const kinds: readonly { readonly origin: RegExp; readonly sharedBy: string }[] = [
  { origin: /^(?:capacitor|ionic):\/\/localhost$/, sharedBy: 'every iOS app that is built with Capacitor or Ionic' },
  { origin: /^tauri:\/\/localhost$/, sharedBy: 'every desktop app that is built with Tauri' },
  { origin: /^app:\/\/[a-z0-9._-]{1,253}$/, sharedBy: 'every desktop app that uses this address' },
  { origin: /^chrome-extension:\/\/[a-p]{32}$/, sharedBy: 'every installation of the extension with this id' },
  {
    origin: /^https:\/\/localhost$/,
    sharedBy: "every Android app that is built with Capacitor or Ionic, and every server on the user's own machine",
  },
];

const APP_SCHEMES = /^(?:capacitor|ionic|tauri|app|chrome-extension):/i;

/** Whether a text is exactly an origin that apps have (contract §3.5). */
export const isAppOrigin = (text: string): boolean => kinds.some(({ origin }) => origin.test(text));

/** Whether a text is meant as one. */
export const hasAppScheme = (text: string): boolean => APP_SCHEMES.test(text);

/** What to know about an origin that was registered as an app's; undefined for one of the web. */
export function appOriginWarning(origin: string): string | undefined {
  const kind = kinds.find((candidate) => candidate.origin.test(origin));
  return kind && `${origin} is the origin of ${kind.sharedBy}: all of them may use the widget.`;
}
