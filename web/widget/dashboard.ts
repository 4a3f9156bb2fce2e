import { element } from './dom.ts';
import type { View } from './view.ts';

type Row = Readonly<Record<string, unknown>>;

/**
 * Figures and a bar chart from `GET /api/analytics/dashboard`, which answers
 * `{"title","figures":[{"label","value"}],"series":{"label","rows":[{"label","value"}]}}`.
 */
export const showDashboard: View = ({ root, texts, read, ready }) => {
  const body = element('section', { 'aria-busy': 'true' }, element('p', { role: 'status' }, texts.loading));
  const numbers = new Intl.NumberFormat(texts.language);
  root.append(body);

  const reload = async (): Promise<void> => {
    const { data, problem } = await read('/api/analytics/dashboard');
    if (!data && !problem) return;
    body.removeAttribute('aria-busy');
    if (!data) {
      const again = element('button', { type: 'button' }, texts.again);
      again.addEventListener('click', reload);
      body.replaceChildren(
        element('p', { role: 'status' }, problem?.text ?? ''),
        ...(problem?.retryable ? [again] : []),
      );
      return;
    }
    const { title, figures, series } = data as { title?: unknown; figures?: unknown; series?: Row };
    const figureRows = rowsOf(figures).map(({ label, value }) =>
      element('div', {}, element('dt', {}, String(label)), element('dd', {}, show(value, numbers))),
    );
    body.replaceChildren(element('h2', {}, String(title ?? '')));
    if (figureRows.length > 0) body.append(element('dl', {}, ...figureRows));
    if (rowsOf(series?.rows).length > 0) body.append(chart(String(series?.label ?? ''), rowsOf(series?.rows), numbers));
    ready();
  };
  void reload();
  return reload;
};

/** A table, so that it can be read aloud; its bars are for the eye alone. */
function chart(label: string, rows: readonly Row[], numbers: Intl.NumberFormat): HTMLElement {
  const most = Math.max(...rows.map(({ value }) => Number(value) || 0), 1);
  const lines = rows.map((row) => {
    const bar = element('i');
    bar.style.width = `${Math.max(0, (100 * (Number(row.value) || 0)) / most)}%`;
    const cells = [element('td', {}, show(row.value, numbers)), element('td', { 'aria-hidden': 'true' }, bar)];
    return element('tr', {}, element('th', { scope: 'row' }, String(row.label)), ...cells);
  });
  return element('table', {}, element('caption', {}, label), element('tbody', {}, ...lines));
}

const rowsOf = (value: unknown): Row[] => (Array.isArray(value) ? value : []);
const show = (value: unknown, numbers: Intl.NumberFormat): string =>
  typeof value === 'number' ? numbers.format(value) : String(value);
