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
    hint: "The userid in the request of the customer's server",
    whom: 'This user, in every app and browser. Their widgets stop until their server gets new tokens.',
  },
  {
    kind: 'client',
    name: 'Client',
    hint: "The clientid in the request of the customer's server",
    whom: 'All users of this client, in every app and browser. Their widgets stop until their server gets new tokens.',
  },
  {
    kind: 'app',
    name: 'App',
    hint: "The appid in the request of the customer's server",
    whom: 'All users of this app, in every browser. Their widgets stop until their server gets new tokens.',
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

/** Ends all tokens and sessions of a user, a client or an app, of any service key. */
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
      lead="End the security tokens and sessions of one user, client or app of the analytics API. Tokens of a shop are revoked on the page of the shop, those of a service key on the page of the key."
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
          Tokens and sessions of the {done.kind} <code>{done.id}</code> up to {preciseTimeText(done.notBefore * 1_000)}{' '}
          are refused.
        </p>
      )}
      {wanted !== undefined && (
        <Confirm<Revoked>
          title={`Revoke the ${wanted.subject.kind} ${wanted.id}?`}
          confirmLabel="Revoke"
          typed={{ text: wanted.id, what: `${wanted.subject.kind}'s id` }}
          effects={{
            what: `Every security token and session of this ${wanted.subject.kind} issued up to now is refused, for every service key.`,
            when: EVERYWHERE,
            whom: wanted.subject.whom,
            undo: "No. Servers can get new tokens immediately. To block a user permanently, also stop issuing tokens on the customer's server.",
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
