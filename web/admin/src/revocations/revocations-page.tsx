import { useState } from 'preact/hooks';
import { ask } from '../api/ask.ts';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Field } from '../parts/field.tsx';
import { readForm } from '../parts/form.ts';
import { Page } from '../parts/page.tsx';
import { EVERYWHERE } from '../shops/open-shop.ts';
import { announce } from '../state/announce.ts';
import { preciseTimeText } from '../words/moments.ts';

export interface Subject {
  readonly kind: 'user' | 'client' | 'app';
  readonly name: string;
  readonly hint: string;
  readonly whom: string;
}

const subjects: readonly [Subject, ...Subject[]] = [
  {
    kind: 'user',
    name: 'User',
    hint: 'The userid that the customer’s server states',
    whom: 'That user, in every app and every browser: their widgets stop until their server gets them new tokens.',
  },
  {
    kind: 'client',
    name: 'Client',
    hint: 'The clientid that the customer’s server states',
    whom: 'All users of that client, in every app and every browser: their widgets stop until their server gets them new tokens.',
  },
  {
    kind: 'app',
    name: 'App',
    hint: 'The appid that the customer’s server states',
    whom: 'All users of that app, in every browser: their widgets stop until their server gets them new tokens.',
  },
];

interface Revoked {
  readonly kind: Subject['kind'];
  readonly id: string;
  /** Unix seconds. */
  readonly notBefore: number;
}

interface Wanted {
  readonly subject: Subject;
  readonly id: string;
}

/** Ends what a user, a client or an app has, whichever key it came by. */
export function RevocationsPage() {
  const [subject, setSubject] = useState<Subject>(subjects[0]);
  const [wanted, setWanted] = useState<Wanted>();
  const [done, setDone] = useState<Revoked>();
  const submit = (event: SubmitEvent): void => {
    const id = readForm(event).get('id') ?? '';
    if (id !== '') setWanted({ subject, id });
  };
  return (
    <Page
      title="Revocations"
      lead="End the security tokens and sessions of one user, client or app of the analytics API. Tokens of a shop end on its page, those of a service key on that key’s."
    >
      <form class="card stack narrow" onSubmit={submit}>
        <fieldset class="choices">
          <legend>Whose</legend>
          {subjects.map((each) => (
            <label key={each.kind} class="choice">
              <input type="radio" name="kind" checked={each === subject} onChange={() => setSubject(each)} />
              {each.name}
            </label>
          ))}
        </fieldset>
        <Field label={`${subject.name} id`} hint={subject.hint}>
          {(ids) => (
            <input {...ids} name="id" class="mono" autocomplete="off" spellcheck={false} required maxLength={256} />
          )}
        </Field>
        <div class="actions">
          <Button type="submit" tone="danger">
            Revoke…
          </Button>
        </div>
      </form>
      {done !== undefined && (
        <p class="notice good" role="status">
          What the {done.kind} <code>{done.id}</code> got up to {preciseTimeText(done.notBefore * 1_000)} is refused.
        </p>
      )}
      {wanted !== undefined && (
        <Confirm<Revoked>
          title={`Revoke the ${wanted.subject.kind} ${wanted.id}?`}
          confirmLabel="Revoke"
          typed={{ text: wanted.id, what: `${wanted.subject.kind}’s id` }}
          effects={{
            what: `Every security token and session of this ${wanted.subject.kind} that was issued up to now is refused, whichever service key it came by.`,
            when: EVERYWHERE,
            whom: wanted.subject.whom,
            undo: 'No. But servers can get new tokens at once: to keep somebody out, stop issuing to them there, too.',
          }}
          act={() => ask('revoke-subject', { kind: wanted.subject.kind, id: wanted.id })}
          onDone={(revoked) => {
            setWanted(undefined);
            setDone(revoked);
            announce(`The ${revoked.kind} ${revoked.id} is revoked.`);
          }}
          onClose={() => setWanted(undefined)}
        />
      )}
    </Page>
  );
}
