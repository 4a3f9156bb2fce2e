/** What of a resource type the local host acts on, and what it knowingly passes over because it changes nothing on one machine. */
export interface KnownResource {
  readonly honored: readonly string[];
  readonly withoutEffect: readonly string[];
  /** Members known of a property that is an object or a list of such, where another would change what runs. */
  readonly members?: Readonly<Record<string, readonly string[]>>;
}
