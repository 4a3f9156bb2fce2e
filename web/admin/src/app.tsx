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
    // A one-time link that is pasted into an open console.
    const onLink = (): void => {
      if (location.hash.startsWith('#link=')) void start();
    };
    addEventListener('hashchange', onLink);
    return () => removeEventListener('hashchange', onLink);
  }, []);
  return (
    <>
      {state.kind === 'in' ? <Shell user={state.user} /> : <Door />}
      <Toast />
    </>
  );
}

/** What is in front of the console. */
function Door() {
  const state = useStore(session);
  return (
    <main class="door">
      <Brand />
      {state.kind === 'starting' && (
        <p class="hint" role="status">
          {state.doing}…
        </p>
      )}
      {state.kind === 'failed' && (
        <>
          <h1>The console can’t start</h1>
          <RefusalBox refusal={state.refusal} onRetry={() => void start()} />
        </>
      )}
      {state.kind === 'out' && <LoginPage reason={state.reason} />}
    </main>
  );
}
