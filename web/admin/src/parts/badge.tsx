import type { ComponentChildren } from 'preact';

interface BadgeProps {
  readonly tone?: 'good' | 'warning' | 'danger' | 'plain';
  readonly children: ComponentChildren;
}

/** A state in one word; its color adds no information. */
export const Badge = ({ tone = 'plain', children }: BadgeProps) => <span class={`badge ${tone}`}>{children}</span>;
