import { showDashboard } from './dashboard.ts';
import { element } from './dom.ts';
import { describe, type Failed, failed } from './failure.ts';
import { type Keeper, takeKeeper } from './keeper.ts';
import { showSearch } from './search.ts';
import { readJson, refusalIn, send } from './send.ts';
import { readOptions, readSettings, type Settings, type Stated } from './settings.ts';
import { dress } from './style.ts';
import { sentenceFor, textsFor } from './texts.ts';
import { version } from './version.ts';
import type { Read } from './view.ts';
import type { WidgetEventName, WidgetEvents, WidgetFailure, WidgetHandle, WidgetOptions } from './widget.d.ts';

type Listener<Name extends WidgetEventName> = (detail: WidgetEvents[Name]) => void;

export interface Emitter {
  on<Name extends WidgetEventName>(name: Name, listener: Listener<Name>): () => void;
  tell<Name extends WidgetEventName>(name: Name, detail: WidgetEvents[Name]): void;
  fail(failure: WidgetFailure): void;
}

/** Reports by callbacks and DOM events; an unhandled failure becomes one line on the console. */
function createEmitter(target: Element): Emitter {
  // Callbacks are separate events, so that one that throws stops neither the others nor the widget.
  const callbacks = new EventTarget();

  /** Whether the failure was handled: by a callback, or by a DOM listener that called `preventDefault`. */
  const tell: (name: WidgetEventName, detail: object) => boolean = (name, detail) => {
    const [free, freeInPage] = [callbacks, target].map((to) =>
      to.dispatchEvent(new CustomEvent(`widget:${name}`, { detail, bubbles: true, cancelable: true })),
    );
    return !(free && freeInPage);
  };

  return {
    on(name, listener) {
      const heard = (event: Event): void => {
        event.preventDefault();
        listener((event as CustomEvent).detail);
      };
      callbacks.addEventListener(`widget:${name}`, heard);
      return () => callbacks.removeEventListener(`widget:${name}`, heard);
    },
    tell,
    fail(failure) {
      const { code, message, status, docs } = failure;
      const isLate = status === 401 || code === 'signed_out';
      if (!tell(isLate ? 'token:expired' : status === 403 ? 'denied' : 'error', failure))
        console.error(`[widget] ${code}: ${message} ${docs}`);
    },
  };
}

/**
 * Reads JSON through the gate. If the gate no longer accepts the credential, it is renewed and the call is repeated
 * once. Throws `Failed`.
 */
async function getJson(
  apiUrl: string,
  keeper: Keeper,
  path: string,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  let used = await keeper.current();
  let answer = await send(apiUrl, path, used, {}, signal);
  if (answer.status === 401 && keeper.canRenew) {
    used = await keeper.renew(used);
    answer = await send(apiUrl, path, used, {}, signal);
  }
  if (answer.status !== 401) keeper.accept(used, answer.sessionToken);
  if (!answer.ok) throw refusalIn(answer);
  const json = readJson(answer.text);
  if (!json) throw failed('bad_answer');
  return json;
}

const mounted = new WeakMap<Element, WidgetHandle>();

/** Mounts a widget in an element, or updates the existing one. */
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
  let stated: Stated = {};
  let life: Life | undefined;

  const begin = (more: WidgetOptions): void => {
    // The page may have emptied the container meanwhile.
    if (host.parentNode !== container) container.append(host);
    const before = life;
    life = startLife(more);
    // Not earlier: a keeper without users is dropped, with a session that the same options cannot create again.
    before?.end();
  };

  /** One set of options, from reading them until others replace them. */
  const startLife = (more: WidgetOptions): Life => {
    const living = new AbortController();
    const { signal: over } = living;
    const report = (error: unknown, apiUrl: string): WidgetFailure => {
      const failure = describe(error as Failed, apiUrl);
      fail(failure);
      return failure;
    };
    let settings: Settings;
    try {
      stated = { ...stated, ...readOptions(more) };
      settings = readSettings(stated, ownAddress);
    } catch (error) {
      queueMicrotask(() => over.aborted || report(error, ownAddress));
      return { end: () => living.abort(), reload: async () => undefined };
    }
    const { apiUrl, locale, view, debug, devKey, theme } = settings;
    const { keeper, release } = takeKeeper(settings);
    const texts = textsFor(locale);
    const about = { view, version };
    let reading = new AbortController();
    let isBroken = false;
    if (devKey) console.warn('%c[widget] DEV KEY: anyone can read it. Development only.', 'font-size:3em');

    const read = async (path: string): Promise<Read> => {
      if (over.aborted) return {};
      reading.abort();
      reading = new AbortController();
      const { signal } = reading;
      try {
        const data = path && (await getJson(apiUrl, keeper, path, signal));
        isBroken = false;
        if (debug) console.debug(`[widget] read ${path}`);
        return signal.aborted || !data ? {} : { data };
      } catch (error) {
        if (signal.aborted) return {};
        isBroken = true;
        const failure = report(error, apiUrl);
        return { problem: { text: sentenceFor(failure, texts), retryable: failure.retryable } };
      }
    };

    host.style.colorScheme = theme.replace('auto', 'light dark');
    host.lang = locale;
    const root = element('div', { class: 'w' });
    const words = shadow.querySelector('input')?.value;
    shadow.replaceChildren(root);
    const ready = (): void => {
      if (!over.aborted) tell('ready', about);
    };
    const show = view === 'search' ? showSearch : showDashboard;
    const reload = show({ root, texts, read, ready });
    const input = shadow.querySelector('input');
    if (input && words) {
      input.value = words;
      void reload();
    }
    const stopListening = keeper.onRenewed(() => tell('token:refresh', about));
    const resume = (): void => {
      if (isBroken) void reload();
    };
    for (const name of ['online', 'pageshow']) addEventListener(name, resume, { signal: over });
    return {
      async reload() {
        keeper.restart();
        await reload();
      },
      end() {
        living.abort();
        reading.abort();
        stopListening();
        release();
      },
    };
  };

  const handle: WidgetHandle = {
    refresh: async () => life?.reload(),
    update(more) {
      if (life) begin(more);
    },
    destroy() {
      if (!life) return;
      life.end();
      life = undefined;
      host.remove();
      mounted.delete(container);
    },
    on,
  };
  mounted.set(container, handle);
  begin(options);
  return handle;
}

interface Life {
  readonly reload: () => Promise<void>;
  readonly end: () => void;
}
