import { version } from './version.ts';

/** What the page reaches the widget by. */
Object.assign(globalThis, { Widget: { version } });
