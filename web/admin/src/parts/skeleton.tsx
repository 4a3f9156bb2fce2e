/** Reserves space while data is loading, so that the layout does not shift. */
export function Skeleton({ rows }: { readonly rows: number }) {
  return (
    <div class="skeleton" role="status">
      <span class="visually-hidden">Loading</span>
      {Array.from({ length: rows }, (_, at) => (
        <div class="skeleton-row" key={at} />
      ))}
    </div>
  );
}
