import { useEffect, useState } from 'preact/hooks';
import { announcement } from '../state/announce.ts';
import { useStore } from '../state/store.ts';

const SHOWN_MILLISECONDS = 6_000;

/** Results, announced by screen readers and shown for a while. */
export function Toast() {
  const latest = useStore(announcement);
  const [shown, setShown] = useState(latest);
  useEffect(() => {
    setShown(latest);
    const timer = setTimeout(() => setShown(undefined), SHOWN_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [latest]);
  return (
    <div class="toasts" role="status">
      {shown !== undefined && (
        <p class="toast" key={shown.number}>
          {shown.text}
        </p>
      )}
    </div>
  );
}
