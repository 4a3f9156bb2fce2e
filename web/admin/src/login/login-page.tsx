import { useEffect, useRef, useState } from 'preact/hooks';
import type { Refusal } from '../api/call.ts';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { readForm } from '../parts/form.ts';
import { RefusalBox } from '../parts/refusal-box.tsx';
import { enter } from '../start.ts';
import type { LoginReason } from '../state/session.ts';
import { logIn } from './log-in.ts';

const REASONS: Readonly<Record<Exclude<LoginReason, Refusal>, string>> = {
  ended:
    'Your session has ended. Sessions end after 15 minutes without use, after 8 hours, or when you are removed from the group. Log in to return to this page.',
  'logged-out': 'You are logged out.',
  'link-refused':
    'This login link was already used or has expired. Create a new one with the command below, or log in here.',
  'no-cookie':
    'The login succeeded, but the browser did not store the session cookie. Allow cookies for this address, then log in again.',
};

/** The login page. The secret access key signs one request in this page and is then forgotten. */
export function LoginPage({ reason }: { readonly reason: LoginReason | undefined }) {
  const secret = useRef<HTMLInputElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | undefined>(typeof reason === 'object' ? reason : undefined);
  useEffect(() => {
    document.title = 'Log in · Widget Gate';
    if (reason !== undefined) heading.current?.focus();
  }, [reason]);

  const takeSecret = (): string => {
    const text = secret.current?.value.trim() ?? '';
    if (secret.current) secret.current.value = '';
    return text;
  };

  const submit = async (event: SubmitEvent): Promise<void> => {
    const form = readForm(event);
    if (isBusy) return;
    setIsBusy(true);
    setRefusal(undefined);
    const claim = { userName: form.get('userName') ?? '', accessKeyId: form.get('accessKeyId') ?? '' };
    const answer = await logIn(claim, takeSecret);
    setIsBusy(false);
    if (answer.ok) return enter('no-cookie');
    setRefusal(answer.refusal);
    secret.current?.focus();
  };

  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        Log in
      </h1>
      {typeof reason === 'string' && (
        <p class="notice" role="status">
          {REASONS[reason]}
        </p>
      )}
      {refusal !== undefined && <RefusalBox refusal={refusal} />}
      <form class="card stack" onSubmit={(event) => void submit(event)}>
        <Field label="User name" hint="An IAM user in the administrators' group">
          {(ids) => (
            <input
              {...ids}
              name="userName"
              required
              autocomplete="on"
              autocapitalize="none"
              spellcheck={false}
              pattern="[\w+=,.@\-]{1,64}"
              title="Letters, digits and + = , . @ - _; at most 64"
            />
          )}
        </Field>
        <Field label="Access key ID">
          {(ids) => (
            <input
              {...ids}
              name="accessKeyId"
              class="mono"
              required
              autocomplete="username"
              autocapitalize="characters"
              spellcheck={false}
              placeholder="AKIA…"
            />
          )}
        </Field>
        <Field
          label="Secret access key"
          hint="Signs one request to AWS in this page. It is never sent, and is forgotten immediately afterwards."
        >
          {(ids) => (
            // Without a name it is not part of the form data.
            <input {...ids} ref={secret} type="password" class="mono" required autocomplete="current-password" />
          )}
        </Field>
        <Button type="submit" tone="primary" isBusy={isBusy}>
          {isBusy ? 'Logging in…' : 'Log in'}
        </Button>
      </form>
      <p class="hint beside">
        Or log in with a one-time link, without an access key in the browser:{' '}
        <code>bin/widget-gate.js login --browser</code>
      </p>
    </>
  );
}
