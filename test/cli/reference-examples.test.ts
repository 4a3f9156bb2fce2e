import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { cliExamples } from '#bin/references/cli-examples.ts';
import { commands } from '#cli/commands.ts';
import { type AdminRoute, adminApi } from '#contract/admin-api.ts';
import { protectedTrees } from '#contract/routes.ts';
import { synthesize } from '#local/synthesize.ts';
import { requireCounterpart } from '../support/counterparts.ts';
import { startWithWelcome, type TextStart } from '../support/text-start.ts';

const root = join(import.meta.dirname, '../..');

let checkout: string;
let gate: TextStart;
beforeAll(async () => {
  requireCounterpart('jq');
  checkout = mkdtempSync(join(tmpdir(), 'widget-gate-examples-'));
  mkdirSync(join(checkout, 'home'));
  symlinkSync(join(root, 'bin'), join(checkout, 'bin'));
  // `cost` reads the newest template of the stage.
  await synthesize('prod');
  gate = await startWithWelcome('--data-dir', join(checkout, '.widget-gate'));
  writeFileSync(join(checkout, 'variables.sh'), '');
});
afterAll(async () => {
  await gate?.end();
  rmSync(checkout, { recursive: true, force: true });
});

/** Pastes commands into a shell that has the variables of those before, and stops at the first failure. */
const paste = (code: string) =>
  spawnSync('bash', ['-euo', 'pipefail', '-c', `source ./variables.sh\n${code}\nexport -p > variables.sh`], {
    cwd: checkout,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`, HOME: join(checkout, 'home') },
  });

const succeed = (code: string): void => {
  const { status, stdout, stderr } = paste(code);
  expect([code, status, stdout, stderr]).toEqual([code, 0, stdout, stderr]);
};

const GATE = 'bin/widget-gate.js';
const newShop = cliExamples['shops create']?.example ?? '';

/** What must have happened for an example to find what it needs, because one before it ended that. */
const before: Readonly<Record<string, string>> = {
  login: `eval "$(${GATE} local keys)"`,
  whoami: `${GATE} login --user "$WIDGET_GATE_USER"`,
  'shops delete': `${GATE} faults set clock:offset=-1441m\n${GATE} shops enable "$WIDGET_GATE_SHOP_ID"\n${GATE} shops disable "$WIDGET_GATE_SHOP_ID"\n${GATE} faults set ''`,
  'keys rotate': newShop,
  'keys retire': `${GATE} keys rotate "$WIDGET_GATE_SHOP_ID" --force`,
  'keys undo': `${GATE} keys rotate "$WIDGET_GATE_SHOP_ID" --force`,
  'tokens mint': newShop,
  'ring drop-old': `${GATE} faults set clock:offset=+7m`,
  'signing-keys rotate': `${GATE} faults set ''`,
  'signing-keys drop-old': `${GATE} faults set clock:offset=+30m`,
  'faults show': `${GATE} faults set ''`,
};

/** The calls of the gate that were printed since the last look: `POST /admin/api/shops/… 200`. */
let seen = 0;
function newCalls(): string {
  const text = gate.stderr().slice(seen);
  seen = gate.stderr().length;
  return text;
}

/** Whether the gate printed a successful call of an action. */
function isCalled(action: keyof typeof adminApi, printed: string): boolean {
  const { method, path }: AdminRoute = adminApi[action];
  const pattern = `${protectedTrees['admin-session']}${path}`.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/\\s?]+');
  return new RegExp(` ${method} ${pattern}(\\?\\S*)? 20[014] `).test(printed);
}

test('every command has an example, in the order of the help', () => {
  expect(Object.keys(cliExamples)).toEqual(commands.map(({ words }) => words));
});

test.each(Object.entries(cliExamples))(
  'the example of "%s" does what it says, by the actions that it names',
  async (words, one) => {
    if (before[words] !== undefined) succeed(before[words]);
    await setTimeout(50);
    newCalls();
    succeed(one.example);
    let printed = '';
    const missing = (): readonly string[] => (one.actions ?? []).filter((action) => !isCalled(action, printed));
    for (let waited = 0; waited < 5_000; waited += 50) {
      printed += newCalls();
      if (missing().length === 0) break;
      await setTimeout(50);
    }
    expect([printed, missing()]).toEqual([printed, []]);
  },
);
