import { getJson } from './call.ts';
import { showDashboard } from './dashboard.ts';
import { element } from './dom.ts';
import { createEmitter } from './emitter.ts';
import { describe, type Failed } from './failure.ts';
import { takeKeeper } from './keepers.ts';
import { showSearch } from './search.ts';
import { readSettings, type Settings } from './settings.ts';
import { dress } from './style.ts';
import { sentenceFor, textsFor } from './texts.ts';
import { version } from './version.ts';
import type { Read } from './view.ts';
import type { WidgetFailure, WidgetHandle, WidgetOptions } from './widget.d.ts';

const mounted = new WeakMap<Element, WidgetHandle>();

/** Puts a widget into an element, or updates the one that is there. */
export function mount(container: Element, options: WidgetOptions, ownAddress: string): WidgetHandle {
  const there = mounted.get(container);
  if (there) {
    there.update(options);
    return there;
  }
  const { on, tell, fail } = createEmitter(container);
  const host = element('div');
  const shadow = host.attachShadow({ mode: 'open' });
  dress(shadow);
  container.append(host);
  let stated = options;
  let life: Life | undefined;

  const begin = (): void => {
    life?.end();
    const mine = startLife();
    life = mine;
  };

  /** One set of options, from reading them until others come. */
  const startLife = (): Life => {
    let ended = false;
    const report = (error: unknown, apiUrl: string): WidgetFailure => {
      const told = describe(error as Failed, apiUrl);
      fail(told);
      return told;
    };
    let settings: Settings;
    try {
      settings = readSettings(stated, ownAddress);
    } catch (error) {
      queueMicrotask(() => ended || report(error, ownAddress));
      return { end: () => (ended = true), reload: async () => undefined };
    }
    const { apiUrl, locale, view, debug, devKey, theme } = settings;
    const { keeper, release } = takeKeeper(settings);
    const texts = textsFor(locale);
    const about = { view, version };
    let reading = new AbortController();
    let isBroken = false;
    if (devKey)
      console.warn(
        '%c[widget] DEV KEY: everybody who opens this page can read it. Never in production.',
        'font-size:20px;background:red',
      );

    const read = async (path: string): Promise<Read> => {
      reading.abort();
      reading = new AbortController();
      const { signal } = reading;
      try {
        const data = path && (await getJson({ apiUrl }, keeper, path, signal));
        isBroken = false;
        if (debug) console.debug(`[widget] read ${path}`);
        return signal.aborted || !data ? {} : { data };
      } catch (error) {
        if (signal.aborted) return {};
        isBroken = true;
        const told = report(error, apiUrl);
        return { problem: { text: sentenceFor(told, texts), retryable: told.retryable } };
      }
    };

    host.setAttribute('theme', theme);
    host.lang = locale;
    const root = element('div', { class: 'w' });
    shadow.replaceChildren(root);
    const ready = (): void => {
      if (!ended) tell('ready', about);
    };
    const show = view === 'search' ? showSearch : showDashboard;
    const reload = show({ root, texts, read, ready });
    const stopListening = keeper.onRenewed(() => tell('token:refresh', about));
    const resume = (): void => {
      if (isBroken) void reload();
    };
    addEventListener('online', resume);
    addEventListener('pageshow', resume);
    return {
      async reload() {
        keeper.restart();
        await reload();
      },
      end() {
        ended = true;
        reading.abort();
        stopListening();
        release();
        removeEventListener('online', resume);
        removeEventListener('pageshow', resume);
      },
    };
  };

  const handle: WidgetHandle = {
    refresh: async () => life?.reload(),
    update(more) {
      stated = { ...stated, ...more };
      begin();
    },
    destroy() {
      life?.end();
      host.remove();
      mounted.delete(container);
    },
    on,
  };
  mounted.set(container, handle);
  begin();
  return handle;
}

interface Life {
  readonly reload: () => Promise<void>;
  readonly end: () => void;
}
