import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { readForm } from '../parts/form.ts';
import { goTo } from '../route/location.ts';
import { hrefOf } from '../route/route.ts';
import { actionWords, knownActions } from '../words/actions.ts';
import type { AuditFilters } from './audit-query.ts';

const goToAudit = (filters: Readonly<Record<string, string>>): void => goTo(hrefOf(['audit'], filters));

/** What of the trail is wanted. It stands in the address, so that it can be passed on. */
export function AuditFilterForm({ filters }: { readonly filters: AuditFilters }) {
  const text = (name: keyof AuditFilters, label: string, more: object = {}) => (
    <Field label={label}>
      {(ids) => (
        <input
          {...ids}
          name={name}
          autocomplete="off"
          spellcheck={false}
          defaultValue={filters[name] ?? ''}
          {...more}
        />
      )}
    </Field>
  );
  return (
    <search>
      <form class="filters" onSubmit={(event) => goToAudit(Object.fromEntries(readForm(event)))}>
        {text('shop', 'Shop id', { 'data-filter': true, class: 'mono' })}
        <Field label="Action">
          {(ids) => (
            <select
              {...ids}
              name="action"
              defaultValue={filters.action ?? ''}
              onChange={(event) => event.currentTarget.form?.requestSubmit()}
            >
              <option value="">Any</option>
              {knownActions.map((action) => (
                <option key={action} value={action} selected={action === filters.action}>
                  {actionWords(action)}
                </option>
              ))}
            </select>
          )}
        </Field>
        {text('actor', 'Who (user name or ARN)')}
        {text('code', 'Code', { placeholder: 'done' })}
        {text('request', 'Request id', { class: 'mono' })}
        {text('from', 'From', { type: 'date' })}
        {text('to', 'Up to', { type: 'date' })}
        <div class="actions">
          <Button type="submit" tone="primary">
            Filter
          </Button>
          {Object.keys(filters).length > 0 && <Button onClick={() => goToAudit({})}>Clear</Button>}
        </div>
      </form>
    </search>
  );
}
