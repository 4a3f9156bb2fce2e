import fc from 'fast-check';
import { merged } from '#lambda/audit/trail-query.store.ts';

const item = (at: number) => ({ at: { S: String(at).padStart(4, '0') }, subject: { S: 'x' } });
type Item = ReturnType<typeof item>;

/** What a store answers for one subject: so many items older than a place, and the last of them if there are more. */
function answered(times: readonly number[], after: number, limit: number): Parameters<typeof merged>[0][number] {
  const older = times.filter((at) => at < after).toSorted((one, other) => other - one);
  const items = older.slice(0, limit).map(item);
  return { items, after: older.length > limit ? items.at(-1) : undefined };
}

test('of two subjects that are read as one, pages of any size show each entry once, newest first', () => {
  const times = fc.uniqueArray(fc.integer({ min: 1, max: 999 }), { maxLength: 30 });
  fc.assert(
    fc.property(
      times,
      fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
      fc.integer({ min: 1, max: 7 }),
      (all, first, limit) => {
        const parts = [all.filter((_, at) => first[at]), all.filter((_, at) => !first[at])];
        const shown: number[] = [];
        let after = 1_000;
        for (let page = 0; page <= all.length; page += 1) {
          const found = merged(
            parts.map((part) => answered(part, after, limit)),
            limit,
          );
          expect(found.items.length).toBeLessThanOrEqual(limit);
          shown.push(...found.items.map((each) => Number((each as Item).at.S)));
          if (found.after === undefined) break;
          expect(Number(found.after.at?.S)).toBeLessThan(after);
          after = Number(found.after.at?.S);
        }
        expect(shown).toEqual(all.toSorted((one, other) => other - one));
      },
    ),
  );
});

test('a query that looked at entries and found none goes on behind them', () => {
  const [one, other] = [item(5), item(3)];
  expect(
    merged(
      [
        { items: [], after: one },
        { items: [], after: other },
      ],
      10,
    ),
  ).toEqual({
    items: [],
    after: { subject: { S: 'logins' }, at: one.at },
  });
});
