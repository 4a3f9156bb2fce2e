import type { RegistrationNotes } from '#contract/admin-api.ts';

/** Addresses that are stored in another form than they were entered, and notes about them. */
export function StoredAs({ normalized = [], warnings = [] }: RegistrationNotes) {
  return (
    <>
      {normalized.length > 0 && (
        <ul class="notice good">
          {normalized.map(({ given, stored }) => (
            <li key={given}>
              {given} is stored as <code>{stored}</code>.
            </li>
          ))}
        </ul>
      )}
      {warnings.map((warning) => (
        <p key={warning} class="notice warning">
          {warning}
        </p>
      ))}
    </>
  );
}
