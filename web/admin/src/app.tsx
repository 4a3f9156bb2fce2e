import { useEffect } from 'preact/hooks';
import { LoginPage } from './login/login-page.tsx';
import { RefusalBox } from './parts/refusal-box.tsx';
import { Brand, Shell } from './shell/shell.tsx';
import { Toast } from './shell/toast.tsx';
import { start } from './start.ts';
import { session } from './state/session.ts';
import { useStore } from './state/store.ts';

export function App() {
  const state = useStore(session);
  useEffect(() => {
    void start();
    // A login link that is pasted into an open console.
    const onLink = (): void => {
      if (location.hash.startsWith('#link=')) void start();
    };
    addEventListener('hashchange', onLink);
    return () => removeEventListener('hashchange', onLink);
  }, []);
  return (
    <>
      {state.kind === 'in' ? <Shell user={state.user} /> : <LoggedOut />}
      <Toast />
    </>
  );
}

/** The view before the console. */
function LoggedOut() {
  const state = useStore(session);
  return (
    <main class="logged-out">
      <Brand />
      {state.kind === 'starting' && (
        <p class="hint" role="status">
          {state.doing}…
        </p>
      )}
      {state.kind === 'failed' && (
        <>
          <h1>The console cannot start</h1>
          <RefusalBox refusal={state.refusal} onRetry={() => void start()} />
        </>
      )}
      {state.kind === 'out' && <LoginPage reason={state.reason} />}
    </main>
  );
}
