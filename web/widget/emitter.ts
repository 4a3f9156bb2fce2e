import type { WidgetEventName, WidgetEvents, WidgetFailure } from './widget.d.ts';

type Listener<Name extends WidgetEventName> = (detail: WidgetEvents[Name]) => void;

export interface Emitter {
  on<Name extends WidgetEventName>(name: Name, listener: Listener<Name>): () => void;
  tell<Name extends WidgetEventName>(name: Name, detail: WidgetEvents[Name]): void;
  fail(failure: WidgetFailure): void;
}

/** Tells what happens by callbacks and by DOM events; a failure that nobody takes becomes one line on the console. */
export function createEmitter(target: Element): Emitter {
  const all: { readonly name: string; readonly listener: (detail: never) => void }[] = [];

  /** Whether anybody took it: a callback, or a DOM listener that called `preventDefault`. */
  const tell: (name: WidgetEventName, detail: object) => boolean = (name, detail) => {
    const taking = all.filter((one) => one.name === name);
    for (const { listener } of taking) (listener as (detail: object) => void)(detail);
    const event = new CustomEvent(`widget:${name}`, { detail, bubbles: true, cancelable: true });
    return !target.dispatchEvent(event) || taking.length > 0;
  };

  return {
    on(name, listener) {
      const one = { name, listener };
      all.push(one);
      return () => void all.splice(all.indexOf(one) >>> 0, 1);
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
