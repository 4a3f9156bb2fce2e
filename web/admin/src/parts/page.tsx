import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';

interface PageProps {
  readonly title: string;
  /** Under the title. */
  readonly lead?: ComponentChildren;
  /** To the right of the title. */
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** The head of every page. Navigation moves the focus to its title. */
export function Page({ title, lead, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Widget Gate`;
  }, [title]);
  return (
    <>
      <header class="page-head">
        <div class="page-title">
          <h1 tabIndex={-1}>{title}</h1>
          {lead !== undefined && <div class="lead">{lead}</div>}
        </div>
        {actions !== undefined && <div class="actions">{actions}</div>}
      </header>
      {children}
    </>
  );
}
