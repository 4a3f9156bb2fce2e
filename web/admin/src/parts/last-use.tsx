import { lastUseOf } from '#contract/last-use.ts';
import type { ServiceKeyView } from '../api/views.ts';
import { distanceText, nowSeconds, timeText } from '../words/moments.ts';

/** When a key was last used, as exactly as the gate knows. */
export function LastUse({ view, isShort = false }: { readonly view: ServiceKeyView; readonly isShort?: boolean }) {
  const now = nowSeconds();
  const use = lastUseOf(view, now);
  if (use.kind === 'never') return <span class="hint">never</span>;
  if (use.kind === 'recent') return <span>within the last hour</span>;
  return isShort ? (
    <span>about {distanceText(use.to, now)}</span>
  ) : (
    <span>
      between {timeText(use.from)} and {timeText(use.to)}
    </span>
  );
}
