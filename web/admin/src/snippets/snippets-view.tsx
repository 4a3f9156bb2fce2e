import { CodeBlock } from '../parts/code-block.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { snippetsFor } from './snippets.ts';

/** The code snippets for a shop, with the address of this gate. */
export const Snippets = ({ shopId }: { readonly shopId: string }) => (
  <Tabs
    label="Languages"
    tabs={snippetsFor({ origin: location.origin, shopId }).map(({ name, what, code, hint }) => ({
      name,
      content: (
        <>
          <CodeBlock code={code} what={what} />
          <p class="hint">{hint}</p>
        </>
      ),
    }))}
  />
);
