import { useEffect, useRef } from 'preact/hooks';
import type { RegistrationNotes } from '../../../../clients/views.ts';
import type { NewKey, ShopView } from '../api/views.ts';
import { Card } from '../parts/card.tsx';
import { KeyReveal } from '../parts/key-reveal.tsx';
import { Page } from '../parts/page.tsx';
import { StoredAs } from '../parts/registration-notes.tsx';
import { hrefOf } from '../route/route.ts';
import { Snippets } from '../snippets/snippets-view.tsx';
import { nameOf } from './filter-shops.ts';

/** A shop that was made now: its key, and how to use it. */
export function CreatedShop({ apiKey, ...shop }: ShopView & NewKey & RegistrationNotes) {
  const { shopId } = shop;
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => top.current?.closest('main')?.querySelector('h1')?.focus(), []);
  const open = (
    <a class="button" href={hrefOf(['shops', shopId])}>
      Go to the shop
    </a>
  );
  return (
    <Page title={`${nameOf(shop)} is ready`} lead={<code>{shopId}</code>} actions={open}>
      <div ref={top} />
      <StoredAs {...shop} />
      <Card title="API key">
        {apiKey === undefined ? (
          <p class="notice warning">
            The shop was made before, by a call whose answer got lost, and the key with it. Go to the shop and reset its
            keys: that shows a new one.
          </p>
        ) : (
          <KeyReveal apiKey={apiKey} place="into the environment of the shop’s server, as WIDGET_GATE_SHOP_API_KEY" />
        )}
      </Card>
      <Card
        title="Put the widget into the shop"
        lead="Its server gets a token with the key, its pages show the widget with the token."
      >
        <Snippets shopId={shopId} />
      </Card>
    </Page>
  );
}
