type Child = Node | string;
export type Row = Readonly<Record<string, unknown>>;

/** An element with attributes and children; text is never parsed as HTML. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const key in attributes) made.setAttribute(key, attributes[key] as string);
  made.append(...children);
  return made;
}

/** A value from an upstream as text; empty for other types. */
export const textOf = (value: unknown): string => (typeof value === 'object' ? '' : String(value ?? ''));

/** The rows of a list from an upstream. */
export const rowsOf = (value: unknown): Row[] => (Array.isArray(value) ? value.filter((row) => row) : []);

/** An http(s) address, undefined for any other: an upstream must not be able to run scripts in the page. */
export function webAddress(value: unknown): string | undefined {
  try {
    const { href, protocol } = new URL(textOf(value), document.baseURI);
    return value && /^https?:$/.test(protocol) ? href : undefined;
  } catch {
    return undefined;
  }
}
