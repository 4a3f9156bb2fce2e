interface FilterBoxProps {
  readonly label: string;
  readonly text: string;
  onText(text: string): void;
  /** Enter: opens the first match. */
  onEnter?(): void;
}

/** Filters a list as the user types. `/` moves the focus here, Escape clears it, the down arrow moves into the list. */
export const FilterBox = ({ label, text, onText, onEnter }: FilterBoxProps) => (
  <div class="filter">
    <input
      type="search"
      aria-label={label}
      placeholder={label}
      autocomplete="off"
      spellcheck={false}
      data-filter
      value={text}
      onInput={(event) => onText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onText('');
        else if (event.key === 'Enter') onEnter?.();
      }}
    />
    <span aria-hidden="true">
      <kbd>/</kbd>
    </span>
  </div>
);
