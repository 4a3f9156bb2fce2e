/** What a form holds, by the names of its inputs. Nothing is submitted: the console calls the gate by itself. */
export function readForm(event: SubmitEvent): ReadonlyMap<string, string> {
  event.preventDefault();
  const form = event.currentTarget as HTMLFormElement;
  const entries = [...new FormData(form)].map(([name, value]): [string, string] => [name, String(value).trim()]);
  return new Map(entries);
}

/** The lines of a text that say something; commas end one, too. */
export const linesOf = (text = ''): string[] =>
  text
    .split(/[\s,]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Lets the arrows go from row to row, by the link that each has, and from the filter into them. */
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
