import type { ComponentChildren, VNode } from 'preact';
import { useId } from 'preact/hooks';

interface FieldIds {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
}

interface FieldProps {
  readonly label: string;
  readonly hint?: ComponentChildren;
  /** Renders the input, with the attributes that connect it to its label and hint. */
  readonly children: (ids: FieldIds) => VNode;
}

/** An input with its label above and a hint below. */
export function Field({ label, hint, children }: FieldProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': hint === undefined ? undefined : hintId })}
      {hint !== undefined && (
        <p class="hint" id={hintId}>
          {hint}
        </p>
      )}
    </div>
  );
}
