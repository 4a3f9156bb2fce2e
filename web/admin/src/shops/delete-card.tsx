import { useState } from 'preact/hooks';
import { limits } from '#contract/limits.ts';
import { ask } from '../api/ask.ts';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Moment } from '../parts/moment.tsx';
import { hrefOf } from '../route/route.ts';
import { announce } from '../state/announce.ts';
import { nowSeconds } from '../words/moments.ts';
import { nameOf } from './filter-shops.ts';
import { type OpenShop, reloadIfChanged } from './open-shop.ts';

/** Deletes a shop that has been disabled long enough; shown only for disabled shops. */
export function DeleteCard(open: OpenShop) {
  const [isAsked, setIsAsked] = useState(false);
  const { shop } = open;
  const { shopId, version, disabledAt } = shop;
  const deletableAt = disabledAt === undefined ? undefined : disabledAt + limits.shopDeletableAfterSeconds;
  const isReady = deletableAt !== undefined && nowSeconds() >= deletableAt;
  return (
    <Card
      title="Delete the shop"
      lead={
        deletableAt === undefined || isReady ? (
          'For a shop that has been disabled for 24 hours.'
        ) : (
          <>
            Possible from <Moment at={deletableAt} />.
          </>
        )
      }
    >
      <div class="actions">
        <Button tone="danger" isOff={!isReady} onClick={() => setIsAsked(true)}>
          Delete the shop…
        </Button>
      </div>
      {isAsked && (
        <Confirm<undefined>
          title={`Delete ${nameOf(shop)}?`}
          confirmLabel="Delete the shop"
          typed={{ text: shopId, what: "shop's id" }}
          effects={{
            what: 'The shop, its origins and its keys are deleted. The audit trail keeps its entries.',
            when: 'Now.',
            whom: 'None: the shop has been disabled for at least 24 hours.',
            undo: 'No. A new shop has a new id and a new key.',
          }}
          act={() => ask('delete-shop', { shopId }, version)}
          onDone={() => {
            announce('The shop is deleted.');
            location.hash = hrefOf(['shops']);
          }}
          onRefused={(refusal) => reloadIfChanged(refusal, open)}
          onClose={() => setIsAsked(false)}
        />
      )}
    </Card>
  );
}
