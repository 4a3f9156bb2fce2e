import { lastUseOf } from '#contract/last-use.ts';
import { lastUseText } from '#web/admin/src/words/last-use.ts';
import { timeText } from '#web/admin/src/words/moments.ts';

const HOUR = 1_800_000_000;
const view = { lastUsedAt: HOUR, lastUsedGrainSeconds: 3_600 };

describe('the last use of a key, noted by the hour, is', () => {
  test('never for a key that has none', () => {
    expect(lastUseOf({}, HOUR)).toEqual({ kind: 'never' });
    expect(lastUseText({}, HOUR)).toBe('never');
  });

  test.each([0, 1, 1_560, 3_599])('within the last hour while that hour runs, as after %d s of it', (seconds) => {
    expect(lastUseOf(view, HOUR + seconds)).toEqual({ kind: 'recent' });
    for (const isShort of [false, true])
      expect(lastUseText(view, HOUR + seconds, isShort)).toBe('within the last hour');
  });

  test.each([3_600, 3_601, 86_400])('between the ends of that hour once it is over, as after %d s', (seconds) => {
    expect(lastUseOf(view, HOUR + seconds)).toEqual({ kind: 'between', from: HOUR, to: HOUR + 3_600 });
    expect(lastUseText(view, HOUR + seconds)).toBe(`between ${timeText(HOUR)} and ${timeText(HOUR + 3_600)}`);
  });

  test('in a list, about as long ago as the end of that hour', () => {
    expect(lastUseText(view, HOUR + 3 * 3_600, true)).toBe('about 2 hours ago');
  });

  test('never before the key was made: the gate names that moment as the beginning', () => {
    const made = { lastUsedAt: HOUR + 1_800, lastUsedGrainSeconds: 3_600 };
    expect(lastUseOf(made, HOUR + 6_000)).toEqual({ kind: 'between', from: HOUR + 1_800, to: HOUR + 5_400 });
  });
});
