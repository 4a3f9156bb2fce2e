import { useState } from 'preact/hooks';
import type { Refusal } from '../api/answer.ts';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { RefusalBox } from '../parts/refusal-box.tsx';
import { announce } from '../state/announce.ts';
import { changeShop, lookAgain } from './change-shop.ts';
import { ShopConfirm } from './shop-confirm.tsx';
import type { OpenShop } from './shop-page.tsx';
import { type Switch, switches } from './switches.ts';

/** The switches of a shop: what takes something away asks first, what gives it back does not. */
export function SwitchesCard(open: OpenShop) {
  const [asked, setAsked] = useState<Switch>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [isBusy, setIsBusy] = useState(false);
  const { shop } = open;

  const giveBack = async ({ name, off }: Switch): Promise<void> => {
    setIsBusy(true);
    setRefusal(undefined);
    const answer = await changeShop('set-switches', shop, { [name]: false });
    setIsBusy(false);
    if (answer.ok) {
      open.replace(answer.value);
      announce(off.outcome);
      return;
    }
    setRefusal(answer.refusal);
    lookAgain(answer.refusal, open);
  };

  return (
    <Card title="Switches">
      {refusal !== undefined && <RefusalBox refusal={refusal} />}
      <ul class="rows">
        {switches.map((each) => {
          const isOn = shop[each.name];
          return (
            <li key={each.name}>
              <div>
                <h3>{each.title}</h3>
                <p class="hint">{isOn ? each.on.now : each.off.now}</p>
              </div>
              <Button
                isBusy={isBusy}
                tone={each.isWorst && !isOn ? 'danger' : 'plain'}
                onClick={() => (isOn ? void giveBack(each) : setAsked(each))}
              >
                {isOn ? each.off.verb : `${each.on.verb}…`}
              </Button>
            </li>
          );
        })}
      </ul>
      {asked !== undefined && (
        <ShopConfirm
          open={open}
          action="set-switches"
          body={{ [asked.name]: true }}
          title={asked.on.question}
          effects={asked.effects}
          confirmLabel={asked.on.verb}
          tone={asked.isWorst ? 'danger' : 'primary'}
          isWorst={asked.isWorst}
          outcome={asked.on.outcome}
          onClose={() => setAsked(undefined)}
        />
      )}
    </Card>
  );
}
