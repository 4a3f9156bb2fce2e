import { CopyButton } from './copy-button.tsx';

/** Code to copy. It can be scrolled with the keyboard. */
export const CodeBlock = ({ code, what }: { readonly code: string; readonly what: string }) => (
  <div class="code-block">
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
    <section tabIndex={0} aria-label={what}>
      <pre>
        <code>{code}</code>
      </pre>
    </section>
    <CopyButton text={code} what={what} />
  </div>
);
