import { element, type Row, rowsOf, textOf, webAddress } from './dom.ts';
import type { View } from './view.ts';

const PAUSE_MILLISECONDS = 150;

/** A search box over `GET /api/widget/search?q=…`, which returns `{"results":[{"title","url"?,"text"?,"price"?}]}`. */
export const showSearch: View = ({ root, texts, read, ready }) => {
  const input = element('input', { type: 'search', id: 'q', autocomplete: 'off', maxlength: '200' });
  const status = element('p', { role: 'status' });
  const list = element('ul');
  const again = element('button', { type: 'button', hidden: '' }, texts.again);
  root.append(
    element('div', { role: 'search' }, element('label', { for: 'q' }, texts.search), input, status, list, again),
  );

  const search = async (): Promise<void> => {
    const words = input.value.trim();
    if (words === '') {
      list.replaceChildren();
      status.textContent = '';
      again.hidden = true;
      await read('');
      return;
    }
    if (!list.hasChildNodes()) status.textContent = texts.loading;
    const { data, problem } = await read(`/api/widget/search?q=${encodeURIComponent(words)}`);
    if (!data && !problem) return;
    const results = rowsOf(data?.results);
    again.hidden = !problem?.retryable;
    list.replaceChildren(...results.map(itemOf));
    status.textContent = problem?.text ?? (results.length > 0 ? texts.found + results.length : texts.none);
  };

  let timer: ReturnType<typeof setTimeout> | undefined;
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE_MILLISECONDS);
  });
  again.addEventListener('click', search);
  root.addEventListener('keydown', (event) => moveBy(event, input, list));
  queueMicrotask(ready);
  return search;
};

function itemOf({ title, text, price, url }: Row): HTMLElement {
  const words = element('span', {}, textOf(title), element('small', {}, textOf(text)));
  const parts = [words, element('b', {}, textOf(price))];
  const href = webAddress(url);
  return element('li', {}, href ? element('a', { href }, ...parts) : element('span', { class: 'r' }, ...parts));
}

/** Arrow keys move through the results, Escape returns to the input. */
function moveBy(event: KeyboardEvent, input: HTMLInputElement, list: HTMLElement): void {
  const step = { ArrowDown: 1, ArrowUp: -1, Escape: 0 }[event.key];
  // During text composition, the arrow keys select characters.
  if (step === undefined || event.isComposing) return;
  const links = [...list.querySelectorAll('a')];
  const at = links.indexOf((list.getRootNode() as ShadowRoot).activeElement as HTMLAnchorElement);
  if (at < 0 && step < 1) return;
  event.preventDefault();
  (step === 0 || at + step < 0 ? input : (links[at + step] ?? links[at]))?.focus();
}
