import { useEffect, useRef } from 'preact/hooks';
import type { SessionView } from '../api/views.ts';
import { PageOf } from '../pages.tsx';
import { useRoute } from '../route/location.ts';
import { useStore } from '../state/store.ts';
import { followShortcuts, helpIsOpen } from './shortcuts.ts';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';
import { Sidebar } from './sidebar.tsx';

/** The console of somebody who is logged in. */
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
        Skip to the content
      </button>
      <Sidebar user={user} />
      <main ref={main} tabIndex={-1} id="main">
        <PageOf path={path} />
      </main>
      {needsHelp && <ShortcutsDialog />}
    </>
  );
}
