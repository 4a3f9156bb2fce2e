import type { RingReferenceStore, RingReferences } from '../ports.ts';

/** All shop records, page by page. */
export async function* eachPage(store: RingReferenceStore): AsyncGenerator<readonly RingReferences[]> {
  let after: string | undefined;
  do {
    const { shops, next } = await store.page(after);
    yield shops;
    after = next;
  } while (after !== undefined);
}

/** The ring keys that anything stored refers to; undefined when a record doesn't tell. */
export async function ringReferences(store: RingReferenceStore): Promise<ReadonlySet<string> | undefined> {
  const referenced = new Set<string>();
  for await (const shops of eachPage(store)) {
    for (const id of shops.flatMap(({ ringKeyIds }) => ringKeyIds)) {
      if (id === undefined) return undefined;
      referenced.add(id);
    }
  }
  return referenced;
}
