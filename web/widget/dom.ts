type Child = Node | string;

/** An element with attributes and children; text is only ever text. */
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

/** An http(s) address, or nothing for any other: an upstream must not be able to run scripts in the page. */
export function webAddress(value: unknown): string | undefined {
  try {
    const { href, protocol } = new URL(String(value), document.baseURI);
    return value && /^https?:$/.test(protocol) ? href : undefined;
  } catch {
    return undefined;
  }
}
