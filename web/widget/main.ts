import { failed } from './failure.ts';
import { mount } from './instance.ts';
import { version } from './version.ts';
import type { WidgetHandle, WidgetOptions, WidgetScript } from './widget.d.ts';

/** Which tags have their widget. The page may load this file more than once; the first one serves them all. */
const LOADED = Symbol.for('widget-gate');
const global = globalThis as {
  [LOADED]?: (tag: HTMLScriptElement | null) => void;
  Widget?: WidgetScript;
  config?: WidgetOptions;
};

function start(own: HTMLScriptElement | null): (tag: HTMLScriptElement | null) => void {
  const ownAddress = own ? new URL(own.src).origin : location.origin;
  const taken = new WeakSet<Element>();
  global.Widget = { version, mount: (container, options): WidgetHandle => mount(container, options, ownAddress) };

  /** Mounts at once where the tag's container is there; one that is not there yet gets until the page is parsed. */
  const put = (script: HTMLScriptElement, options: WidgetOptions): void => {
    const { container } = script.dataset;
    const place = container ? document.querySelector(container) : document.body && placeAfter(script);
    if (!place && document.readyState === 'loading') return;
    taken.add(script);
    if (place) mount(place, options, script.src ? new URL(script.src).origin : ownAddress);
    else console.error(`[widget] ${failed('container_not_found', `: ${container}`).message}`);
  };

  const scan = (tag: HTMLScriptElement | null): void => {
    // Not the own tag alone: a tag manager may run the file where no tag is current.
    for (const script of document.querySelectorAll<HTMLScriptElement>('script[data-token],script[data-token-url]'))
      if (!taken.has(script)) put(script, { ...script.dataset } as WidgetOptions);
    const { config } = global;
    if (tag && !taken.has(tag) && config?.domain && (config.qvToken || config.apiKey))
      put(tag, { ...config, ...tag.dataset });
  };

  return (tag) => {
    scan(tag);
    document.addEventListener('DOMContentLoaded', () => scan(tag));
  };
}

function placeAfter(script: Element): Element {
  const place = document.createElement('div');
  if (document.body.contains(script)) script.after(place);
  else document.body.append(place);
  return place;
}

const tag = document.currentScript as HTMLScriptElement | null;
global[LOADED] ??= start(tag);
global[LOADED]?.(tag);
