import { useEffect, useState } from 'preact/hooks';
import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';
import { Dialog } from './dialog.tsx';

interface KeyRevealProps {
  readonly apiKey: string;
  /** Where the key belongs. */
  readonly place: string;
}

/** A new API key, shown only once: it exists only in this view. */
export function KeyReveal({ apiKey, place }: KeyRevealProps) {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (isCopied) return undefined;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [isCopied]);
  return (
    <div class="key-reveal">
      <p>
        <strong>This key is shown only once.</strong> Copy it now and put it {place}. It cannot be displayed again.
      </p>
      <div class="command">
        <code data-api-key>{apiKey}</code>
        <CopyButton text={apiKey} what="the API key" tone="primary" onCopied={() => setIsCopied(true)} />
      </div>
    </div>
  );
}

interface NewKeyDialogProps {
  readonly apiKey: string;
  readonly place: string;
  onClose(): void;
}

/** Stays open until the user confirms that the key is stored. */
export const NewKeyDialog = ({ apiKey, place, onClose }: NewKeyDialogProps) => (
  <Dialog title="The new API key" isHeld onClose={onClose}>
    <KeyReveal apiKey={apiKey} place={place} />
    <div class="dialog-buttons">
      <Button onClick={onClose}>I have stored it</Button>
    </div>
  </Dialog>
);
