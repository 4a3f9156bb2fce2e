import type { ComponentChildren } from 'preact';

interface BadgeProps {
  readonly tone?: 'good' | 'warning' | 'danger' | 'plain';
  readonly children: ComponentChildren;
}

/** A state in a word; its colour says nothing that the word does not. */
export const Badge = ({ tone = 'plain', children }: BadgeProps) => <span class={`badge ${tone}`}>{children}</span>;
