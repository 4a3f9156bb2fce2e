import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { readForm } from '../parts/form.ts';
import { Page } from '../parts/page.tsx';
import { goTo, hrefOf, useRoute } from '../route/route.ts';
import { actionWords, knownActions } from '../words/actions.ts';
import { type AuditFilters, REFUSED, readFilters } from './audit-query.ts';
import { TrailView } from './trail-view.tsx';
import { useTrail } from './use-trail.ts';

const goToAudit = (filters: Readonly<Record<string, string>>): void => goTo(hrefOf(['audit'], filters));

/** The filters of the trail. They are in the address, so that the page can be linked to. */
function AuditFilterForm({ filters }: { readonly filters: AuditFilters }) {
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
        {text('actor', 'Actor (user name or ARN)')}
        {text('code', 'Code', { placeholder: 'done' })}
        {text('request', 'Request id', { class: 'mono' })}
        {text('from', 'From', { type: 'date' })}
        {text('to', 'To', { type: 'date' })}
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

export function AuditPage() {
  const filters = readFilters(useRoute().query);
  const trail = useTrail(filters);
  const ofOneShop = filters.shop !== undefined && filters.action !== REFUSED ? filters.shop : undefined;
  return (
    <Page title="Audit" lead="Changes by administrators and refused calls, newest first. Default: the last month.">
      <AuditFilterForm key={JSON.stringify(filters)} filters={filters} />
      {ofOneShop !== undefined && (
        <p class="hint">
          Refused calls of this shop are listed separately:{' '}
          <a href={hrefOf(['audit'], { shop: ofOneShop, action: REFUSED })}>show them</a>.
        </p>
      )}
      <TrailView trail={trail} ifEmpty='No entry matches all filters. Remove a filter, or set an earlier "From".' />
    </Page>
  );
}
