import type { ComponentChildren } from 'preact';

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly tone?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly type?: 'button' | 'submit';
  /** Something is under way: it keeps its place and its focus, and does nothing. */
  readonly isBusy?: boolean;
  readonly isOff?: boolean;
  /** Where what is seen does not say enough. */
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
