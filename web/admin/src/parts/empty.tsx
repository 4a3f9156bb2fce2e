import type { ComponentChildren } from 'preact';

/** Where nothing is yet: why, and how to begin. */
export const Empty = ({ title, children }: { readonly title: string; readonly children: ComponentChildren }) => (
  <div class="empty">
    <p class="empty-title">{title}</p>
    <div class="hint">{children}</div>
  </div>
);
