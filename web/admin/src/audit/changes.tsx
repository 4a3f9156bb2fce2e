type Members = Readonly<Record<string, unknown>> | undefined;

interface ChangesProps {
  readonly before: Members;
  readonly after: Members;
}

/** What changed, member by member, as it was and as it is. */
export function Changes({ before, after }: ChangesProps) {
  const [old, now] = [new Map(Object.entries(before ?? {})), new Map(Object.entries(after ?? {}))];
  const names = [...new Set([...old.keys(), ...now.keys()])];
  if (names.length === 0) return null;
  return (
    <table class="changes">
      <thead>
        <tr>
          <th scope="col">What changed</th>
          {before !== undefined && <th scope="col">Before</th>}
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {names.map((name) => (
          <tr key={name}>
            <th scope="row">
              <code>{name}</code>
            </th>
            {before !== undefined && (
              <td>
                <Value of={old.get(name)} beside={now.get(name)} className="was" />
              </td>
            )}
            <td>
              <Value of={now.get(name)} beside={old.get(name)} className="is" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface ValueProps {
  readonly of: unknown;
  /** The other side, whose lines are not worth a colour. */
  readonly beside: unknown;
  readonly className: 'was' | 'is';
}

function Value({ of: value, beside, className }: ValueProps) {
  if (value === undefined) return <span class="hint">none</span>;
  const others = beside === undefined ? [] : valueText(beside).split('\n');
  return (
    <pre>
      {valueText(value)
        .split('\n')
        .map((line, at) => (
          <span key={`${at} ${line}`} class={others.includes(line) ? 'same' : className}>
            {line}
          </span>
        ))}
    </pre>
  );
}

/** Readable: times as such, lists line by line. */
function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value.join('\n');
  return JSON.stringify(value, (_name, each: unknown) => (isTime(each) ? isoOf(each) : each), 2).replace(
    /^"(.*)"$/,
    '$1',
  );
}

const isTime = (value: unknown): value is number => typeof value === 'number' && value > 1e9 && value < 1e10;

const isoOf = (seconds: number): string => new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');
