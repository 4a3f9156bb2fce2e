import { failed } from './failure.ts';
import { mount } from './instance.ts';
import { version } from './version.ts';
import type { WidgetHandle, WidgetOptions, WidgetScript } from './widget.d.ts';

/** Script tags that already have their widget. The page may load this file more than once; the first one serves all tags. */
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

  /** Mounts immediately if the tag's container exists; otherwise waits until the page is parsed. */
  const put = (script: HTMLScriptElement, options: WidgetOptions): void => {
    const { container } = script.dataset;
    let place: Element | null = null;
    try {
      place = container ? document.querySelector(container) : document.body && placeAfter(script);
    } catch {
      // Not a selector: reported below, like one without a match.
    }
    if (!place && document.readyState === 'loading') return;
    taken.add(script);
    if (place) mount(place, options, script.src ? new URL(script.src).origin : ownAddress);
    else console.error(`[widget] ${failed('container_not_found', `: ${container}`).message}`);
  };

  const scan = (tag: HTMLScriptElement | null): void => {
    // If the own tag has no token, or a tag manager runs the file without a current tag, another tag of this file may be the right one. A
    // token attribute on another script's tag is ignored.
    const scripts = tag?.matches(HAS_TOKEN) ? [tag] : document.querySelectorAll<HTMLScriptElement>(OTHERS);
    for (const script of scripts) if (!taken.has(script)) put(script, { ...script.dataset } as WidgetOptions);
    const { config } = global;
    const complete = isComplete(config);
    // A tag with a container and without a token is a mistake. The widget reports it when a configuration can no longer arrive.
    if (tag && !taken.has(tag) && (complete || (tag.dataset.container && document.readyState !== 'loading')))
      put(tag, { ...(complete && (config as WidgetOptions)), ...tag.dataset });
  };

  return (tag) => {
    scan(tag);
    document.addEventListener('DOMContentLoaded', () => scan(tag));
  };
}

/** By the object's own members: `config` may be anything, even an element with this id. */
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

// An element with this name replaces `currentScript`, and tokens would be sent to its address.
const current: unknown = document.currentScript;
const tag = current instanceof HTMLScriptElement ? current : null;
global[LOADED] ??= start(tag);
global[LOADED]?.(tag);
