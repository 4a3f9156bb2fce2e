import { goTo, hrefOf } from '../route/route.ts';
import { createStore } from '../state/store.ts';
import { places } from './places.ts';

const STORAGE_KEY = 'widget-gate-shortcuts';
const SEQUENCE_MILLISECONDS = 1_500;

/** Whether single-key shortcuts are on; users of speech input turn them off (WCAG 2.1.4). */
export const shortcutsAreOn = createStore(localStorage.getItem(STORAGE_KEY) !== 'off');
export const helpIsOpen = createStore(false);

export function setShortcuts(on: boolean): void {
  localStorage.setItem(STORAGE_KEY, on ? 'on' : 'off');
  shortcutsAreOn.set(on);
}

let gPressedAt = Number.NEGATIVE_INFINITY;

/** Returns a function that stops it. */
export function followShortcuts(): () => void {
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}

function onKey(event: KeyboardEvent): void {
  if (!shortcutsAreOn.get() || event.ctrlKey || event.metaKey || event.altKey || isElsewhere(event.target)) return;
  const isSecond = event.timeStamp - gPressedAt < SEQUENCE_MILLISECONDS;
  gPressedAt = event.key === 'g' && !isSecond ? event.timeStamp : Number.NEGATIVE_INFINITY;
  const place = isSecond ? places.find(({ key }) => key === event.key) : undefined;
  if (place !== undefined) goTo(hrefOf([place.path]));
  else if (event.key === '/') find('[data-filter]')?.focus();
  else if (event.key === 'n') find('[data-new]')?.click();
  else if (event.key === '?') helpIsOpen.set(true);
  else return;
  event.preventDefault();
}

const find = (selector: string): HTMLElement | null => document.querySelector<HTMLElement>(selector);

/** Whether keys are text input, or a dialog handles them. */
const isElsewhere = (target: EventTarget | null): boolean =>
  (target instanceof HTMLElement && target.matches('input, textarea, select')) || find('dialog[open]') !== null;
