import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { useStore } from '../state/store.ts';
import { places } from './places.ts';
import { helpIsOpen, setShortcuts, shortcutsAreOn } from './shortcuts.ts';

const KEYS: readonly (readonly [readonly string[], string])[] = [
  [['/'], 'Go to the filter'],
  [['n'], 'New shop or service key, in their lists'],
  [['↑', '↓'], 'Row by row, from the filter on'],
  ...places.map(({ key, name }) => [['g', key], name] as const),
  [['Esc'], 'Close a dialog, empty the filter'],
  [['?'], 'This list'],
];

export function ShortcutsDialog() {
  const areOn = useStore(shortcutsAreOn);
  const close = (): void => helpIsOpen.set(false);
  return (
    <Dialog title="Keyboard shortcuts" onClose={close}>
      <dl class="shortcuts">
        {KEYS.map(([keys, meaning]) => (
          <div key={meaning}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input type="checkbox" checked={areOn} onChange={(event) => setShortcuts(event.currentTarget.checked)} />
        Single keys are shortcuts
      </label>
      <div class="dialog-buttons">
        <Button tone="primary" onClick={close}>
          Done
        </Button>
      </div>
    </Dialog>
  );
}
