import { useState } from 'preact/hooks';
import { ask } from '../api/ask.ts';
import type { Answer } from '../api/call.ts';
import type { ShopView } from '../api/views.ts';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Field } from '../parts/field.tsx';
import { readForm } from '../parts/form.ts';
import { RefusalBox } from '../parts/refusal-box.tsx';

interface Tested {
  /** The shop at the time of the test: a result for another state is not shown. */
  readonly version: number;
  readonly answer: Answer<{ readonly allowed: boolean; readonly origin: string }>;
}

/** Asks the gate itself whether it allows calls from a page. */
export function OriginTester({ shop: { shopId, version } }: { readonly shop: ShopView }) {
  const [tested, setTested] = useState<Tested>();
  const [isBusy, setIsBusy] = useState(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    const origin = readForm(event).get('origin') ?? '';
    if (isBusy) return;
    setIsBusy(true);
    const answer = await ask('test-origin', { shopId, origin });
    setIsBusy(false);
    setTested({ answer, version });
  };
  return (
    <Card title="Test an origin" lead="Uses the gate's own decision, by the origins of this shop and of the stage.">
      <form class="line" onSubmit={(event) => void submit(event)}>
        <Field label="Origin" hint="An origin, or the address of a page from the address bar">
          {(ids) => (
            <input
              {...ids}
              name="origin"
              class="mono"
              autocomplete="off"
              spellcheck={false}
              placeholder="https://shop.example.com"
              required
            />
          )}
        </Field>
        <Button type="submit" isBusy={isBusy}>
          Test
        </Button>
      </form>
      <div aria-live="polite">{tested?.version === version && <Verdict {...tested} />}</div>
    </Card>
  );
}

function Verdict({ answer }: Tested) {
  if (!answer.ok) return <RefusalBox refusal={answer.refusal} />;
  const { allowed, origin } = answer.value;
  return allowed ? (
    <p class="notice good">
      <strong>Allowed.</strong> Pages of <code>{origin}</code> may use the widget.
    </p>
  ) : (
    <p class="notice warning">
      <strong>Not allowed.</strong> A page of <code>{origin}</code> gets 403 origin_not_allowed. If it belongs to the
      shop, add it above. It must match exactly.
    </p>
  );
}
