import type { WidgetEventName, WidgetEvents, WidgetFailure } from './widget.d.ts';

type Listener<Name extends WidgetEventName> = (detail: WidgetEvents[Name]) => void;

export interface Emitter {
  on<Name extends WidgetEventName>(name: Name, listener: Listener<Name>): () => void;
  tell<Name extends WidgetEventName>(name: Name, detail: WidgetEvents[Name]): void;
  fail(failure: WidgetFailure): void;
}

/** Tells what happens by callbacks and by DOM events; a failure that nobody takes becomes one line on the console. */
export function createEmitter(target: Element): Emitter {
  // Callbacks are events of their own, so that one that throws stops neither the others nor the widget.
  const callbacks = new EventTarget();

  /** Whether anybody took it: a callback, or a DOM listener that called `preventDefault`. */
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
