/** The values of a form, by the names of its inputs. The form is never submitted: the console calls the gate itself. */
export function readForm(event: SubmitEvent): ReadonlyMap<string, string> {
  event.preventDefault();
  const form = event.currentTarget as HTMLFormElement;
  const entries = [...new FormData(form)].map(([name, value]): [string, string] => [name, String(value).trim()]);
  return new Map(entries);
}

/** The non-empty lines of a text; a comma also ends a line. */
export const linesOf = (text = ''): string[] =>
  text
    .split(/[\s,]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Moves the focus from row to row with the arrow keys, by the link in each row, and from the filter into the rows. */
export function moveAmongRows(event: KeyboardEvent): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0 || !(event.target instanceof HTMLElement)) return;
  const stops = [...document.querySelectorAll<HTMLElement>('main [data-filter], main [data-row]')];
  const at = stops.indexOf(event.target);
  const next = at < 0 ? undefined : stops[at + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
