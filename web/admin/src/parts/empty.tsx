import type { ComponentChildren } from 'preact';

/** Shown for an empty list: why it is empty, and how to begin. */
export const Empty = ({ title, children }: { readonly title: string; readonly children: ComponentChildren }) => (
  <div class="empty">
    <p class="empty-title">{title}</p>
    <div class="hint">{children}</div>
  </div>
);
