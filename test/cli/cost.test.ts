import { synthesize } from '#local/synthesize.ts';
import { runMain } from '#test/support/run-main.ts';

const LINE = 'cost --stage dev --calls 10000000 --issues 1000 --shops 100'.split(' ');
let json: Readonly<Record<string, unknown>>;
let text: string;
beforeAll(async () => {
  await synthesize('dev');
  json = JSON.parse((await runMain([...LINE, '--json'])).stdout) as typeof json;
  text = (await runMain(LINE, { isTerminal: true })).stdout;
});

test('the estimate says what it is made of, for programs', () => {
  expect(Object.keys(json)).toEqual(
    'ok stage pricesOf traffic lines total fixed perMillion perMillionInAll assumed notIncluded'.split(' '),
  );
  const [total, fixed, part, all] = [json.total, json.fixed, json.perMillion, json.perMillionInAll].map(Number);
  expect(total).toBeGreaterThan(fixed as number);
  expect(all).toBeGreaterThan(part as number);
  expect(json.pricesOf).toEqual({ region: 'us-east-1', date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
  expect(json.traffic).toMatchObject({ calls: 10_000_000, issues: 1_000, shops: 100 });
});

test('the estimate names everything that it leaves out', () => {
  const left = json.notIncluded as string[];
  expect(left).toHaveLength(5);
  for (const item of left) {
    expect(item).toMatch(/^[a-z].{11,}$/);
    expect(text).toContain(item);
  }
});

test('a month without calls has no price of a million of them', async () => {
  const none = JSON.parse((await runMain(['cost', '--stage', 'dev', '--calls', '0', '--json'])).stdout);
  expect([none.ok, 'perMillion' in none, 'perMillionInAll' in none]).toEqual([true, false, false]);
});
