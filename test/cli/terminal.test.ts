import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { commands } from '#cli/commands.ts';
import { visible, visibleJson, visibleLines } from '#cli/output.ts';
import { type FakeAnswer, type FakeGate, startFakeGate } from '../support/fake-gate.ts';
import { runMain } from '../support/run-main.ts';

const root = join(import.meta.dirname, '../..');

test.each<[string, string, string]>([
  ['an ANSI sequence', '\u001b[31m', '\\u001b[31m'],
  ['a title for the window', '\u001b]0;x\u0007', '\\u001b]0;x\\u0007'],
  ['a C1 control', '\u009b2J', '\\u009b2J'],
  ['a delete', '\u007f', '\\u007f'],
  ['a line break', 'a\r\nb', 'a\\u000d\\u000ab'],
  ['a bidirectional override', '\u202eevil', '\\u202eevil'],
  ['a bidirectional isolate', '\u2066x\u2069', '\\u2066x\\u2069'],
  ['a zero-width space', 'a\u200bb', 'a\\u200bb'],
  ['a byte order mark', '\ufeff', '\\ufeff'],
  ['a soft hyphen', 'a\u00adb', 'a\\u00adb'],
  ['a line separator', '\u2028', '\\u2028'],
  ['a tag character', '\u{e0041}', '\\udb40\\udc41'],
  ['a filler', '\u3164', '\\u3164'],
  ['a variation selector', '\ufe0f', '\\ufe0f'],
  ['a lone surrogate', '\ud800', '\\ud800'],
])('%s is made visible', (_what, text, shown) => {
  expect([visible(text), visibleLines(text.replaceAll('\n', ''))]).toEqual([shown, shown.replaceAll('\\u000a', '')]);
});

test('readable text of any language stays as it is', () => {
  for (const text of ['Shop “Ärger” – 東京 🛒', 'naïve\u0301', 'a\u00a0b']) expect(visible(text)).toBe(text);
});

const SAFE = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u;

test('no text gets anything unsafe through, and JSON means the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(visible(text)).toMatch(SAFE);
      expect(visibleJson({ text })).toMatch(SAFE);
      expect(JSON.parse(visibleJson({ text }))).toEqual({ text });
    }),
  );
});

describe('a gate that answers with sequences for the terminal', () => {
  const HOSTILE = 'x\u001b]0;owned\u0007\u202e\u200b\u009b2J\r\nwidget-gate: done';
  const hostile: unknown = {
    code: HOSTILE, message: HOSTILE, shopId: HOSTILE, url: HOSTILE, origins: [HOSTILE], createdAt: 1, version: HOSTILE, tokensNotBefore: 0,
    keys: [{ keyId: HOSTILE, createdAt: 1 }], apiKey: HOSTILE, keyId: HOSTILE, purpose: 'analytics', label: HOSTILE, allowedOrigins: [HOSTILE],
    appIds: [HOSTILE], token: HOSTILE, reason: HOSTILE, why: HOSTILE, remedy: HOSTILE, arn: HOSTILE, userName: HOSTILE, deployment: HOSTILE,
    notBefore: 1, cursor: HOSTILE,
    shops: [{ shopId: HOSTILE, url: HOSTILE, origins: [], keys: [], createdAt: 1, tokensNotBefore: 0 }, { shopId: HOSTILE, corrupt: true }],
    serviceKeys: [{ keyId: HOSTILE, purpose: HOSTILE, label: HOSTILE, createdAt: 1, allowedOrigins: [HOSTILE] }],
    entry: { at: 1, subject: HOSTILE, action: HOSTILE, code: HOSTILE, requestId: HOSTILE, actor: { arn: HOSTILE }, before: { a: HOSTILE } },
    entries: [{ id: HOSTILE, at: 1, subject: HOSTILE, action: HOSTILE, code: HOSTILE, requestId: HOSTILE }],
    users: [{ userName: HOSTILE, userId: HOSTILE, isAdministrator: true }], group: HOSTILE, faults: HOSTILE, accessKeyId: HOSTILE, secretAccessKey: HOSTILE,
  }; // biome-ignore format: one row
  const operandsOf: Record<string, string> = {
    '<url>': 'https://a.example',
    '<origin>': 'https://a.example',
    '<origin>…': 'https://a.example',
    'on|off': 'on',
    '<shopId>': 'shop_one',
    '<keyId>': 'AAAAAAAA',
    '<analytics|data-router|dev>': 'dev',
    '<label>': 'x',
    '<user|client|app>': 'user',
    '<id>': 'x',
    '<requestId>': 'x',
    '<name>': 'x',
    '<spec>': 'x',
    'bash|zsh|fish': 'bash',
  };
  let directory: string;
  let gate: FakeGate;
  let answer: FakeAnswer;

  beforeAll(async () => {
    gate = await startFakeGate(({ call }) => {
      // Pages of a list end; everything else answers the same.
      const ends = call.includes('cursor=');
      return ends ? { ...answer, body: { ...(answer.body as object), cursor: undefined } } : answer;
    });
    directory = mkdtempSync(join(tmpdir(), 'widget-gate-terminal-'));
    const control = { address: gate.baseUrl, secret: 'a'.repeat(43), baseUrl: gate.baseUrl };
    writeFileSync(join(directory, 'control.json'), JSON.stringify(control));
  });
  // Some of the commands end it.
  beforeEach(() => {
    const session = { cookie: '__Host-widget-gate-admin=abc', userName: HOSTILE, createdAt: Date.now() / 1_000 };
    writeFileSync(join(directory, 'sessions.json'), JSON.stringify({ [gate.baseUrl]: session }), { mode: 0o600 });
  });
  afterAll(async () => {
    await gate.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const run = (words: string, ...more: string[]) =>
    runMain([...words.split(' '), ...more, '--data-dir', directory], {
      isTerminal: !more.includes('--json'),
      stdin: 'a-token\n',
      env: {
        WIDGET_GATE_SESSION_FILE: join(directory, 'sessions.json'),
        WIDGET_GATE_SHOP_API_KEY: 'key',
        AWS_ACCESS_KEY_ID: `AKIA${'A'.repeat(16)}`,
        AWS_SECRET_ACCESS_KEY: 'secret',
      },
    });
  const argumentsOf: Record<string, string[]> = {
    login: ['--user', 'alice'],
    'audit tail': ['--once'],
    smoke: ['--shop', 'shop_one'],
    cost: ['--calls', '1'],
  };

  describe.each([
    ['granting', 200],
    ['refusing', 400],
  ])('%s', (_how, status) => {
    test.each(commands.map(({ words }) => words))('"%s" prints none of them', async (words) => {
      answer = { status, body: hostile as object };
      const command = commands.find((one) => one.words === words);
      const args = [
        ...(command?.operands ?? []).map((operand) => operandsOf[operand] ?? operand),
        ...(argumentsOf[words] ?? []),
      ];
      for (const { stdout, stderr } of [await run(words, ...args), await run(words, ...args, '--json')]) {
        const lines = `${stdout}${stderr}`.split('\n');
        expect(lines.filter((line) => !SAFE.test(line))).toEqual([]);
        // A line of its own would look like the command line's.
        expect(lines.filter((line) => line.startsWith('widget-gate: done'))).toEqual([]);
        expect(lines.length).toBeGreaterThan(1);
      }
    });
  });

  test('an API key of it never becomes a command of the shell', async () => {
    answer = { status: 200, body: { ...(hostile as object), apiKey: "x'; touch /tmp/owned; '", shopId: '$(id)' } };
    const { stdout } = await runMain(['keys', 'reset', 'shop_one', '--data-dir', directory], {
      env: { WIDGET_GATE_SESSION_FILE: join(directory, 'sessions.json') },
    });
    expect(stdout).toBe(
      "export WIDGET_GATE_SHOP_ID='$(id)' WIDGET_GATE_SHOP_API_KEY='x'\\''; touch /tmp/owned; '\\'''\n",
    );
  });
});

test('one file of the command line alone writes to a terminal', () => {
  const writing = readdirSync(join(root, 'cli'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .filter((file) =>
      /\bstd(out|err)\.write\(|\bconsole\.|process\.std(out|err)/.test(readFileSync(join(root, 'cli', file), 'utf8')),
    );
  expect(writing).toEqual(['output.ts']);
});
