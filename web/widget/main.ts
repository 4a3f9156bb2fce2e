import { failed } from './failure.ts';
import { mount } from './instance.ts';
import { version } from './version.ts';
import type { WidgetHandle, WidgetOptions, WidgetScript } from './widget.d.ts';

/** Which tags have their widget. The page may load this file more than once; the first one serves them all. */
const LOADED = Symbol.for('widget-gate');
const global = globalThis as {
  [LOADED]?: (tag: HTMLScriptElement | null) => void;
  Widget?: WidgetScript;
  config?: unknown;
};

const HAS_TOKEN = '[data-token],[data-token-url]';
const OTHERS = `script[src*="/widget.js"]:is(${HAS_TOKEN})`;

function start(own: HTMLScriptElement | null): (tag: HTMLScriptElement | null) => void {
  const ownAddress = own?.src ? new URL(own.src).origin : location.origin;
  const taken = new WeakSet<Element>();
  global.Widget = { version, mount: (container, options): WidgetHandle => mount(container, options, ownAddress) };

  /** Mounts at once where the tag's container is there; one that is not there yet gets until the page is parsed. */
  const put = (script: HTMLScriptElement, options: WidgetOptions): void => {
    const { container } = script.dataset;
    let place: Element | null = null;
    try {
      place = container ? document.querySelector(container) : document.body && placeAfter(script);
    } catch {
      // Not a selector: reported below, as one that selects nothing.
    }
    if (!place && document.readyState === 'loading') return;
    taken.add(script);
    if (place) mount(place, options, script.src ? new URL(script.src).origin : ownAddress);
    else console.error(`[widget] ${failed('container_not_found', `: ${container}`).message}`);
  };

  const scan = (tag: HTMLScriptElement | null): void => {
    // Where the own tag has no token, or a tag manager runs the file where no tag is current, it may be another one of this file; what
    // somebody else's script calls a token is none of ours.
    const scripts = tag?.matches(HAS_TOKEN) ? [tag] : document.querySelectorAll<HTMLScriptElement>(OTHERS);
    for (const script of scripts) if (!taken.has(script)) put(script, { ...script.dataset } as WidgetOptions);
    const { config } = global;
    const complete = isComplete(config);
    // A tag that asks for a place and has no token is a mistake, which the widget tells, once no config can come any more.
    if (tag && !taken.has(tag) && (complete || (tag.dataset.container && document.readyState !== 'loading')))
      put(tag, { ...(complete && (config as WidgetOptions)), ...tag.dataset });
  };

  return (tag) => {
    scan(tag);
    document.addEventListener('DOMContentLoaded', () => scan(tag));
  };
}

/** By the object's own members: `config` may be anything, an element with this id too. */
function isComplete(config: unknown): boolean {
  const names = Object.keys(config ?? {}).join();
  return /domain/.test(names) && /qv_?token|api_?key/i.test(names);
}

function placeAfter(script: Element): Element {
  const place = document.createElement('div');
  if (document.body.contains(script)) script.after(place);
  else document.body.append(place);
  return place;
}

// An element named so takes the place of `currentScript`, and its address would be where tokens go.
const current: unknown = document.currentScript;
const tag = current instanceof HTMLScriptElement ? current : null;
global[LOADED] ??= start(tag);
global[LOADED]?.(tag);
