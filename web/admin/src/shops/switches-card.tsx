import { useState } from 'preact/hooks';
import type { Refusal } from '../api/call.ts';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import type { BlastRadius } from '../parts/confirm.tsx';
import { RefusalBox } from '../parts/refusal-box.tsx';
import { announce } from '../state/announce.ts';
import { changeOpenShop, EVERYWHERE, type OpenShop, reloadIfChanged } from './open-shop.ts';
import { ShopConfirm } from './shop-confirm.tsx';

export interface Switch {
  readonly name: 'disabled' | 'issuingPaused' | 'requireOrigin';
  readonly title: string;
  readonly isWorst: boolean;
  readonly on: { readonly now: string; readonly verb: string; readonly question: string; readonly outcome: string };
  readonly off: { readonly now: string; readonly verb: string; readonly outcome: string };
  readonly effects: BlastRadius;
}

/** Each is off by default; setting it removes a right. */
const switches: readonly Switch[] = [
  {
    name: 'issuingPaused',
    title: 'Issue tokens',
    isWorst: false,
    on: {
      now: "Paused: the shop's server gets no new tokens. Existing tokens stay valid.",
      verb: 'Pause issuing',
      question: 'Pause issuing?',
      outcome: 'Issuing is paused.',
    },
    off: {
      now: "The shop's server gets new tokens with its key.",
      verb: 'Resume issuing',
      outcome: 'Issuing is resumed.',
    },
    effects: {
      what: 'The gate issues no new widget tokens to this shop. Existing tokens stay valid, and so do tokens that its server signs itself.',
      when: `${EVERYWHERE} Widgets stop one by one as their tokens expire, the last one after 24 hours.`,
      whom: 'Only this shop: its server gets 403 issuing_paused.',
      undo: 'Yes, at any time, with the same button.',
    },
  },
  {
    name: 'requireOrigin',
    title: 'Calls without an Origin header',
    isWorst: false,
    on: {
      now: "Refused: only pages of the shop's origins may call.",
      verb: 'Refuse them',
      question: 'Refuse calls without an Origin header?',
      outcome: 'Calls without an Origin header are refused.',
    },
    off: {
      now: "Accepted: servers and pages of the gate's own origin send such calls.",
      verb: 'Accept them',
      outcome: 'Calls without an Origin header are accepted.',
    },
    effects: {
      what: "Widget calls without an Origin header are refused: those of servers and scripts, and reads from pages of the gate's own origin.",
      when: EVERYWHERE,
      whom: 'Only this shop. Its pages in browsers are not affected.',
      undo: 'Yes, at any time, with the same button.',
    },
  },
  {
    name: 'disabled',
    title: 'The whole shop',
    isWorst: true,
    on: {
      now: 'Disabled: every call of this shop is refused.',
      verb: 'Disable the shop',
      question: 'Disable this shop?',
      outcome: 'The shop is disabled.',
    },
    off: { now: 'Enabled: its calls are allowed.', verb: 'Enable the shop', outcome: 'The shop is enabled.' },
    effects: {
      what: 'Every widget call of this shop is refused, and its server gets no tokens. Keys and origins remain unchanged.',
      when: EVERYWHERE,
      whom: 'All visitors of this shop: the widget stops working.',
      undo: 'Yes, at any time. Tokens that have not expired by then are valid again.',
    },
  },
];

/** The switches of a shop. Removing a right requires confirmation, restoring it does not. */
export function SwitchesCard(open: OpenShop) {
  const [asked, setAsked] = useState<Switch>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [isBusy, setIsBusy] = useState(false);
  const { shop } = open;

  const restore = async ({ name, off }: Switch): Promise<void> => {
    setIsBusy(true);
    setRefusal(undefined);
    const answer = await changeOpenShop('set-switches', shop, { [name]: false });
    setIsBusy(false);
    if (answer.ok) {
      open.replace(answer.value);
      announce(off.outcome);
      return;
    }
    setRefusal(answer.refusal);
    reloadIfChanged(answer.refusal, open);
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
                onClick={() => (isOn ? void restore(each) : setAsked(each))}
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
          members={{ [asked.name]: true }}
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
