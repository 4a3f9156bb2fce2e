import { limits } from '../../../../lambda/contract/limits.ts';
import type { Purpose } from '../api/views.ts';
import { AppCheck } from '../parts/app-check.tsx';
import { Field } from '../parts/field.tsx';
import { linesOf } from '../parts/form.ts';
import { lengthText } from '../words/moments.ts';
import { purposes } from './purposes.ts';

/** What a form asks of the admin API; what was left empty is not stated. */
export function scopeOf(purpose: Purpose, form: ReadonlyMap<string, string>): object {
  const [allowedOrigins, appIds] = [linesOf(form.get('origins')), linesOf(form.get('apps'))];
  const maxTtlSeconds = Number(form.get('life') ?? 0);
  return {
    purpose,
    label: form.get('label') ?? '',
    ...(allowedOrigins.length > 0 && { allowedOrigins }),
    ...(form.has('app') && { app: true }),
    ...(appIds.length > 0 && { appIds }),
    ...(maxTtlSeconds > 0 && { maxTtlSeconds }),
  };
}

/** What a key is called, and what it is held to. */
export function ScopeFields({ purpose }: { readonly purpose: Purpose }) {
  const { origins, life } = purposes[purpose];
  return (
    <>
      <Field label="Label" hint="What people call it, like the customer and the system">
        {(ids) => (
          <input
            {...ids}
            name="label"
            required
            autocomplete="off"
            pattern="[\p{L}\p{M}\p{N}_ .@\/\-]+"
            maxlength={limits.maxKeyLabelChars}
            title="Letters, digits, spaces and . @ / - _, at most 64"
            placeholder="acme portal"
          />
        )}
      </Field>
      {origins !== undefined && (
        <Field label="Origins" hint={`${origins} One a line.`}>
          {(ids) => (
            <textarea
              {...ids}
              name="origins"
              rows={3}
              class="mono"
              spellcheck={false}
              placeholder="https://portal.example.com"
            />
          )}
        </Field>
      )}
      {origins !== undefined && <AppCheck />}
      {origins !== undefined && (
        <Field label="Apps" hint="Ids of the apps it may be used for, one a line; empty for all">
          {(ids) => <textarea {...ids} name="apps" rows={2} class="mono" spellcheck={false} />}
        </Field>
      )}
      {life !== undefined && (
        <Field label={life.label}>
          {(ids) => (
            <select {...ids} name="life">
              <option value="">{life.unset}</option>
              {life.choices.map((seconds) => (
                <option key={seconds} value={String(seconds)}>
                  {lengthText(seconds)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
    </>
  );
}
