import type { SessionView } from '../api/views.ts';
import { Button } from '../parts/button.tsx';
import { useRoute } from '../route/location.ts';
import { hrefOf } from '../route/route.ts';
import { logOut } from '../start.ts';
import { Brand } from './brand.tsx';
import { Deployment } from './deployment.tsx';
import { places } from './places.ts';
import { helpIsOpen } from './shortcuts.ts';

/** Where one is, at which gate, and as whom. */
export function Sidebar({ user }: { readonly user: SessionView }) {
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
