export const Brand = () => (
  <span class="brand">
    <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M9 24V13a7 7 0 0 1 14 0v11M16 9v15" />
    </svg>
    Widget Gate
  </span>
);
