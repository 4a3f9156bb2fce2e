import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface DialogProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** Escape does not close it: something in it would be lost. */
  readonly isHeld?: boolean;
  onClose(): void;
}

/** What the focus goes back to, as long as one dialog follows another. */
let waiting: Element | null = null;

function takeOpener(): Element | null {
  const opener = waiting ?? document.activeElement;
  waiting = null;
  return opener;
}

function giveBackFocus(opener: Element | null): void {
  waiting = opener;
  setTimeout(() => {
    if (waiting === null) return;
    waiting = null;
    // What opened it may be gone by then, as "Undo" is once that is done.
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    else document.querySelector<HTMLElement>('main h1')?.focus();
  }, 50);
}

/** A modal dialog, open as long as it is there. The browser keeps the focus in it and gives it back afterwards. */
export function Dialog({ title, children, isHeld = false, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const isGone = useRef(false);
  useEffect(() => {
    const element = dialog.current;
    const opener = takeOpener();
    element?.showModal();
    (element?.querySelector<HTMLElement>('[data-first]') ?? element?.querySelector('h2'))?.focus();
    return () => {
      isGone.current = true;
      element?.close();
      giveBackFocus(opener);
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        if (!isHeld) onClose();
      }}
      onClose={() => {
        if (!isGone.current) onClose();
      }}
    >
      <h2 id={id} tabIndex={-1}>
        {title}
      </h2>
      {children}
    </dialog>
  );
}
