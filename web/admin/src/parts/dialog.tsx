import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface DialogProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** Escape does not close it: something in it would be lost. */
  readonly isHeld?: boolean;
  onClose(): void;
}

/** In which a page shows what was done. */
const LONGEST_CHANGE_MILLISECONDS = 10_000;

/** What the focus goes back to, as long as one dialog follows another. */
let waiting: Element | null = null;

function takeOpener(): Element | null {
  const { activeElement, body } = document;
  // Where a dialog follows another at once, nothing has the focus; who was quick to open it by a button has it there.
  const opener = activeElement === body ? (waiting ?? body) : activeElement;
  waiting = null;
  return opener;
}

function giveBackFocus(opener: Element | null): void {
  waiting = opener;
  setTimeout(() => {
    if (waiting === null) return;
    waiting = null;
    if (opener instanceof HTMLElement && opener.isConnected) focusWhileThere(opener);
    else focusHeading();
  }, 50);
}

const focusHeading = (): void => document.querySelector<HTMLElement>('main h1')?.focus();

/** What opened a dialog may go as soon as the page knows what was done, as "Undo" does, and would take the focus along. */
function focusWhileThere(opener: HTMLElement): void {
  opener.focus();
  const observer = new MutationObserver(() => {
    if (opener.isConnected) return;
    observer.disconnect();
    if (document.activeElement === document.body) focusHeading();
  });
  observer.observe(document.body, { childList: true, subtree: true });
  setTimeout(() => observer.disconnect(), LONGEST_CHANGE_MILLISECONDS);
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
