import type { ServiceKeyView } from '../api/views.ts';
import { lastUseText } from '../words/last-use.ts';
import { nowSeconds } from '../words/moments.ts';

/** When a key was last used, as precisely as the gate records it. */
export function LastUse({ view, isShort = false }: { readonly view: ServiceKeyView; readonly isShort?: boolean }) {
  return (
    <span {...(view.lastUsedAt === undefined && { class: 'hint' })}>{lastUseText(view, nowSeconds(), isShort)}</span>
  );
}
