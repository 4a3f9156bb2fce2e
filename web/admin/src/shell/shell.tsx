import { useEffect, useRef } from 'preact/hooks';
import type { SessionView } from '../api/views.ts';
import { PageOf } from '../pages.tsx';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { hrefOf, useRoute } from '../route/route.ts';
import { logOut } from '../start.ts';
import { useStore } from '../state/store.ts';
import { useStatus } from '../status/status-page.tsx';
import { places } from './places.ts';
import { followShortcuts, helpIsOpen, setShortcuts, shortcutsAreOn } from './shortcuts.ts';

export const Brand = () => (
  <span class="brand">
    <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M9 24V13a7 7 0 0 1 14 0v11M16 9v15" />
    </svg>
    Widget Gate
  </span>
);

/** Shows which gate this is; production looks different from all other stages. */
function Deployment() {
  const { value: status } = useStatus();
  if (status === undefined)
    return (
      <p class="deployment">
        <span class="skeleton-text" />
      </p>
    );
  // `widget-gate:123456789012:prod`
  const [stage = '', account = ''] = status.deployment.split(':').reverse();
  return (
    <p class="deployment" title={status.deployment}>
      <span class={`stage ${status.keyEnvironment}`}>
        {stage}
        {status.keyEnvironment === 'live' && ' · production'}
      </span>
      <span>{account}</span>
    </p>
  );
}

/** The current page, gate and user. */
function Sidebar({ user }: { readonly user: SessionView }) {
  const [here = 'shops'] = useRoute().path;
  return (
    <header class="sidebar">
      <div class="gate">
        <Brand />
        <Deployment />
      </div>
      <nav aria-label="Console">
        <ul>
          {places.map(({ path, name, key }) => (
            <li key={path}>
              <a href={hrefOf([path])} aria-current={here === path ? 'page' : undefined}>
                {name}
                <span class="keys" aria-hidden="true">
                  <kbd>g</kbd>
                  <kbd>{key}</kbd>
                </span>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="who">
        <p title={user.arn}>
          <span class="hint">Logged in as</span>
          <strong>{user.userName}</strong>
        </p>
        <div class="actions">
          <Button tone="quiet" onClick={() => void logOut()}>
            Log out
          </Button>
          <Button tone="quiet" label="Keyboard shortcuts" onClick={() => helpIsOpen.set(true)}>
            <kbd>?</kbd>
          </Button>
        </div>
      </div>
    </header>
  );
}

const KEYS: readonly (readonly [readonly string[], string])[] = [
  [['/'], 'Go to the filter'],
  [['n'], 'New shop or service key, in the list'],
  [['↑', '↓'], 'Next or previous row'],
  ...places.map(({ key, name }) => [['g', key], name] as const),
  [['Esc'], 'Close a dialog, clear the filter'],
  [['?'], 'This list'],
];

function ShortcutsDialog() {
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
        Enable single-key shortcuts
      </label>
      <div class="dialog-buttons">
        <Button tone="primary" onClick={close}>
          Done
        </Button>
      </div>
    </Dialog>
  );
}

/** The console of a logged-in user. */
export function Shell({ user }: { readonly user: SessionView }) {
  const { path } = useRoute();
  const main = useRef<HTMLElement>(null);
  const before = useRef<readonly string[] | undefined>(undefined);
  const needsHelp = useStore(helpIsOpen);
  useEffect(followShortcuts, []);

  useEffect(() => {
    const last = before.current;
    before.current = path;
    if (last === undefined) return;
    helpIsOpen.set(false);
    const stays = path.length > 1 && path[0] === last[0] && path[1] === last[1];
    main.current?.querySelector<HTMLElement>(stays ? 'h2' : 'h1')?.focus({ preventScroll: true });
    if (!stays) scrollTo(0, 0);
  }, [path.join('/')]);

  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      <Sidebar user={user} />
      <main ref={main} tabIndex={-1} id="main">
        <PageOf path={path} />
      </main>
      {needsHelp && <ShortcutsDialog />}
    </>
  );
}
