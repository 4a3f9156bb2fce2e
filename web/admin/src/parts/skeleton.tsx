/** Takes the room of what is being read, so that nothing jumps when it is there. */
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
