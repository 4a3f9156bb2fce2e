import { useState } from 'preact/hooks';
import { FAST_CLOCKS } from '#contract/explanations.ts';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Moment } from '../parts/moment.tsx';
import { timeText } from '../words/moments.ts';
import { EVERYWHERE, type OpenShop } from './open-shop.ts';
import { ShopConfirm } from './shop-confirm.tsx';

/** Ends what a shop has out there, and takes that back. */
export function TokensCard(open: OpenShop) {
  const [asked, setAsked] = useState<'revoke' | 'undo'>();
  const { tokensNotBefore, tokensNotBeforeUndo } = open.shop;
  const onClose = (): void => setAsked(undefined);
  return (
    <Card title="All tokens of the shop" lead="They end by themselves after 24 hours.">
      <p>
        {tokensNotBefore === 0 ? (
          'None has been revoked.'
        ) : (
          <>
            Those stamped up to <Moment at={tokensNotBefore} /> are revoked.
          </>
        )}
      </p>
      <div class="actions">
        {tokensNotBeforeUndo !== undefined && <Button onClick={() => setAsked('undo')}>Take it back…</Button>}
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
            what: `Every widget token of this shop stamped up to now is refused. The keys go on, and get new tokens. ${FAST_CLOCKS}`,
            when: EVERYWHERE,
            whom: 'Everybody who has a page of this shop open, and every visitor until the shop’s server gets a new token: one that keeps its token for 23 hours must be told to drop it.',
            undo: 'Yes, the last revocation can be taken back.',
          }}
          outcome="All tokens of the shop are revoked."
          onClose={onClose}
        />
      )}
      {asked === 'undo' && (
        <ShopConfirm
          open={open}
          action="undo-revoke-tokens"
          title="Take the revocation back?"
          confirmLabel="Take it back"
          tone="primary"
          effects={{
            what: `Nothing stops. Tokens that were revoked are accepted again, if they have not run out${tokensNotBeforeUndo ? `; those up to ${timeText(tokensNotBeforeUndo)} stay revoked` : ''}.`,
            when: EVERYWHERE,
            whom: 'Whoever holds such a token, rightfully or not.',
            undo: 'Yes: revoke again.',
          }}
          outcome="The revocation is taken back."
          onClose={onClose}
        />
      )}
    </Card>
  );
}
