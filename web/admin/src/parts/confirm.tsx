import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Answer, Refusal } from '../api/call.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Field } from './field.tsx';
import { readForm } from './form.ts';
import { RefusalBox } from './refusal-box.tsx';

/** The effects of an action on others, in plain words. */
export interface BlastRadius {
  readonly what: ComponentChildren;
  readonly when: ComponentChildren;
  readonly whom: ComponentChildren;
  readonly undo: ComponentChildren;
}

export interface ConfirmProps<T> {
  readonly title: string;
  readonly effects: BlastRadius;
  readonly confirmLabel: string;
  readonly tone?: 'primary' | 'danger';
  /** The text that must be typed first, and its name. */
  readonly typed?: { readonly text: string; readonly what: string };
  /** Choices, above their effects. */
  readonly children?: ComponentChildren;
  act(form: ReadonlyMap<string, string>): Promise<Answer<T>>;
  onDone(value: T): void;
  onRefused?(refusal: Refusal): void;
  onClose(): void;
}

const TERMS = [
  ['What happens', 'what'],
  ['When', 'when'],
  ['Affected', 'whom'],
  ['Can be undone', 'undo'],
] as const;

/** Asks for confirmation before an action that affects others. */
export function Confirm<T>(props: ConfirmProps<T>) {
  const { title, effects, confirmLabel, tone = 'danger', typed, children, act, onDone, onRefused, onClose } = props;
  const [isBusy, setIsBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const [text, setText] = useState('');
  const isReady = typed === undefined || text.trim() === typed.text;

  const submit = async (event: SubmitEvent): Promise<void> => {
    const form = readForm(event);
    if (!isReady || isBusy) return;
    setIsBusy(true);
    const answer = await act(form);
    setIsBusy(false);
    if (answer.ok) onDone(answer.value);
    else {
      setRefusal(answer.refusal);
      onRefused?.(answer.refusal);
    }
  };

  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        {children}
        <dl class="effects">
          {TERMS.map(([term, name]) => (
            <div key={name}>
              <dt>{term}</dt>
              <dd>{effects[name]}</dd>
            </div>
          ))}
        </dl>
        {typed !== undefined && (
          <Field
            label={`Type the ${typed.what} to continue`}
            hint={
              <>
                The value is <code>{typed.text}</code>
              </>
            }
          >
            {(ids) => (
              <input
                {...ids}
                class="mono"
                autocomplete="off"
                spellcheck={false}
                data-first
                value={text}
                onInput={(event) => setText(event.currentTarget.value)}
              />
            )}
          </Field>
        )}
        {refusal !== undefined && <RefusalBox refusal={refusal} />}
        <div class="dialog-buttons">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone={tone} isBusy={isBusy} isOff={!isReady}>
            {confirmLabel}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
