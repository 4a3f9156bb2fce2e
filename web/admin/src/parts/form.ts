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
