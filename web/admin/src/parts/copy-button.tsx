import { useEffect, useState } from 'preact/hooks';
import { announce } from '../state/announce.ts';
import { Button } from './button.tsx';

interface CopyButtonProps {
  readonly text: string;
  /** For example "the key", in "Copy the key". */
  readonly what: string;
  readonly tone?: 'primary' | 'quiet';
  onCopied?(): void;
}

export function CopyButton({ text, what, tone = 'quiet', onCopied }: CopyButtonProps) {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setIsCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [isCopied]);

  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setIsCopied(true);
      announce(`Copied ${what}.`);
      onCopied?.();
    } catch {
      announce(`The browser did not allow this page to copy ${what}. Select it and copy it manually.`);
    }
  };

  return (
    <Button tone={tone} label={`Copy ${what}`} onClick={() => void copy()}>
      <span class="copy">{isCopied ? 'Copied' : 'Copy'}</span>
    </Button>
  );
}
