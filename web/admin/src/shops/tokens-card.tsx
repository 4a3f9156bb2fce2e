import { useState } from 'preact/hooks';
import { FAST_CLOCKS } from '#contract/explanations.ts';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Moment } from '../parts/moment.tsx';
import { timeText } from '../words/moments.ts';
import { EVERYWHERE, type OpenShop } from './open-shop.ts';
import { ShopConfirm } from './shop-confirm.tsx';

/** Revokes all tokens of a shop, and undoes that. */
export function TokensCard(open: OpenShop) {
  const [asked, setAsked] = useState<'revoke' | 'undo'>();
  const { tokensNotBefore, tokensNotBeforeUndo } = open.shop;
  const onClose = (): void => setAsked(undefined);
  return (
    <Card title="All tokens of the shop" lead="They expire after 24 hours.">
      <p>
        {tokensNotBefore === 0 ? (
          'None are revoked.'
        ) : (
          <>
            Those stamped up to <Moment at={tokensNotBefore} /> are revoked.
          </>
        )}
      </p>
      <div class="actions">
        {tokensNotBeforeUndo !== undefined && <Button onClick={() => setAsked('undo')}>Undo…</Button>}
        <Button tone="danger" onClick={() => setAsked('revoke')}>
          Revoke all tokens…
        </Button>
      </div>
      {asked === 'revoke' && (
        <ShopConfirm
          open={open}
          action="revoke-tokens"
          isWorst
          title="Revoke all tokens?"
          confirmLabel="Revoke all tokens"
          effects={{
            what: `Every widget token of this shop stamped up to now is refused. The keys stay valid and can get new tokens. ${FAST_CLOCKS}`,
            when: EVERYWHERE,
            whom: 'All visitors of this shop, until its server gets a new token. A server that caches its token for 23 hours must discard it.',
            undo: 'Yes, the last revocation can be undone.',
          }}
          outcome="All tokens of the shop are revoked."
          onClose={onClose}
        />
      )}
      {asked === 'undo' && (
        <ShopConfirm
          open={open}
          action="undo-revoke-tokens"
          title="Undo the revocation?"
          confirmLabel="Undo the revocation"
          tone="primary"
          effects={{
            what: `Revoked tokens that have not expired are accepted again${tokensNotBeforeUndo ? `; those up to ${timeText(tokensNotBeforeUndo)} stay revoked` : ''}.`,
            when: EVERYWHERE,
            whom: 'Anyone who has such a token, rightfully or not.',
            undo: 'Yes: revoke again.',
          }}
          outcome="The revocation is undone."
          onClose={onClose}
        />
      )}
    </Card>
  );
}
