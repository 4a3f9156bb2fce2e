import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface DialogProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** Escape does not close it, because input would be lost. */
  readonly isHeld?: boolean;
  onClose(): void;
}

/** The element in which a page shows the result. */
const LONGEST_CHANGE_MILLISECONDS = 10_000;

/** The element to which the focus returns after a sequence of dialogs. */
let waiting: Element | null = null;

function claimOpener(): Element | null {
  const { activeElement, body } = document;
  // If a dialog immediately follows another, no element has the focus, unless the user has already moved it to a
  // button.
  const opener = activeElement === body ? (waiting ?? body) : activeElement;
  waiting = null;
  return opener;
}

function restoreFocus(opener: Element | null): void {
  waiting = opener;
  setTimeout(() => {
    if (waiting === null) return;
    waiting = null;
    if (opener instanceof HTMLElement && opener.isConnected) focusWhileThere(opener);
    else focusHeading();
  }, 50);
}

const focusHeading = (): void => document.querySelector<HTMLElement>('main h1')?.focus();

/**
 * The element that opened a dialog may disappear when the action is complete, like "Undo", and the focus would
 * disappear with it.
 */
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

/** A modal dialog, open while it is mounted. The browser keeps the focus in it and restores it afterwards. */
export function Dialog({ title, children, isHeld = false, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const isGone = useRef(false);
  useEffect(() => {
    const element = dialog.current;
    const opener = claimOpener();
    element?.showModal();
    (element?.querySelector<HTMLElement>('[data-first]') ?? element?.querySelector('h2'))?.focus();
    return () => {
      isGone.current = true;
      element?.close();
      restoreFocus(opener);
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
