import { element, type Row, rowsOf, textOf } from './dom.ts';
import type { View } from './view.ts';

/**
 * Figures and a bar chart from `GET /api/analytics/dashboard`, which answers
 * `{"title","figures":[{"label","value"}],"series":{"label","rows":[{"label","value"}]}}`.
 */
export const showDashboard: View = ({ root, texts, read, ready }) => {
  const body = element('section', {}, element('p', { role: 'status' }, texts.loading));
  const numbers = new Intl.NumberFormat(texts.language);
  root.append(body);

  const reload = async (): Promise<void> => {
    const { data, problem } = await read('/api/analytics/dashboard');
    if (!data && !problem) return;
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
      element('div', {}, element('dt', {}, textOf(label)), element('dd', {}, show(value, numbers))),
    );
    body.replaceChildren(element('h2', {}, textOf(title)));
    if (figureRows.length > 0) body.append(element('dl', {}, ...figureRows));
    const rows = rowsOf(series?.rows);
    if (rows.length > 0) body.append(chart(textOf(series?.label), rows, numbers));
    ready();
  };
  void reload();
  return reload;
};

/** A table, so that screen readers can read it; its bars are only visual. */
function chart(label: string, rows: readonly Row[], numbers: Intl.NumberFormat): HTMLElement {
  const amounts = rows.map(({ value }) => Math.max(0, Number(textOf(value)) || 0));
  const most = Math.max(...amounts, 1);
  const lines = rows.map((row, at) => {
    const bar = element('i');
    bar.style.width = `${(100 * (amounts[at] ?? 0)) / most}%`;
    const cells = [element('td', {}, show(row.value, numbers)), element('td', { 'aria-hidden': 'true' }, bar)];
    return element('tr', {}, element('th', { scope: 'row' }, textOf(row.label)), ...cells);
  });
  return element('table', {}, element('caption', {}, label), element('tbody', {}, ...lines));
}

const show = (value: unknown, numbers: Intl.NumberFormat): string =>
  typeof value === 'number' ? numbers.format(value) : textOf(value);
