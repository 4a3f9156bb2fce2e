import type { ComponentChildren } from 'preact';

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly tone?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly type?: 'button' | 'submit';
  /** An action is in progress: the button keeps its place and its focus, and does nothing. */
  readonly isBusy?: boolean;
  readonly isOff?: boolean;
  /** For screen readers, if the visible text is not enough. */
  readonly label?: string;
  onClick?(): void;
}

export function Button({
  children,
  tone = 'plain',
  type = 'button',
  isBusy = false,
  isOff = false,
  label,
  onClick,
}: ButtonProps) {
  const rests = isBusy || isOff;
  return (
    <button
      type={type}
      class={`button ${tone}`}
      aria-label={label}
      aria-disabled={rests || undefined}
      aria-busy={isBusy || undefined}
      onClick={(event) => {
        if (rests) event.preventDefault();
        else onClick?.();
      }}
    >
      {children}
    </button>
  );
}
