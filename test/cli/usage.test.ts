import { accessSync, constants, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { helpOn } from '#cli/command-line.ts';
import { commands, nouns } from '#cli/commands.ts';
import { refuseSecrets } from '#cli/secrets.ts';
import { moment, table } from '#cli/table.ts';
import { prepareHmacKey } from '#lambda/crypto/hmac.ts';
import { mintWidgetToken } from '#lambda/widget-tokens/widget-token.ts';
import { runMain as runCli } from '../support/run-main.ts';
import { testShop } from '../support/shops.ts';

const root = join(import.meta.dirname, '../..');
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'widget-gate-cli-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const { apiKey } = testShop();
const token = mintWidgetToken('shop_one', 1_700_000_000, prepareHmacKey(Buffer.from(apiKey)));

describe('refuses wrong usage with exit code 2, before it looks for a gate', () => {
  test.each<[string[], RegExp]>([
    [
      [],
      /first word must be one of login, logout, whoami, shops, keys, tokens, origins, service-keys, revocations, explain, audit, doctor, smoke, cost, local, iam, ring, signing-keys, faults, completion/,
    ],
    [['shop'], /Unknown command "shop"\. Did you mean "shops"\?/],
    [['sohps', 'lits'], /Did you mean "shops list"\?/],
    [['create', 'shops'], /Did you mean "shops create"\?/],
    [['shops', 'lsit'], /Unknown command "shops lsit"\. Did you mean "shops list"\?/],
    [['token', 'mnit', 'shop_one'], /Did you mean "tokens mint"\?/],
    [['logn'], /Did you mean "login"\?/],
    [['xyzzy'], /Unknown command "xyzzy"\. The first word must be one of login/],
    [['--verison'], /Unknown option '--verison': did you mean --version\?/],
    [['shops', 'list', '--jsno'], /Unknown option '--jsno': did you mean --json\?/],
    [['keys', 'rotate', 'shop_one', '--overlpa', '0'], /did you mean --overlap\?/],
    [['shops', 'list', '--force'], /Unknown option '--force': see widget-gate shops list --help/],
    [['completion', 'tcsh'], /one of bash, zsh, fish/],
    [['completion'], /Usage: widget-gate completion bash\|zsh\|fish/],
    [['service-keys', 'revoke', 'x'], /eight letters/],
    [['service-keys', 'revoke-tokens', 'x'], /eight letters/],
    [['service-keys', 'add', 'dev', 'alice', '--max-ttl', '60'], /number with its unit/],
    [['revocations', 'add', 'shop', 'x'], /one of user, client, app/],
    [['service-keys', 'rotate', 'AAAAAAAA', '--overlap', '2h'], /--overlap must be one of/],
    [['shops'], /"shops" must be followed by one of create, list/],
    [['shops', 'xyzzy', 'shop_one'], /"shops" must be followed by/],
    [['shops', 'create'], /Usage: widget-gate shops create <url>/],
    [['shops', 'create', 'https://a.example.com', 'more'], /Usage: /],
    [['shops', 'create', 'https://a.example.com', '--force'], /Unknown option '--force'/],
    [['shops', 'create', 'https://a.example.com', '--expected-version', '1'], /Unknown option/],
    [['shops', 'list', '--limit', '0'], /--limit must be a whole number from 1 to 100/],
    [['shops', 'list', '--limit', '101'], /--limit/],
    [['shops', 'list', '--limit', 'x'], /--limit/],
    [['shops', 'list', '--limit'], /argument/],
    [['shops', 'show', '../x'], /shop id/],
    [['shops', 'show', 'a'.repeat(65)], /shop id/],
    [['shops', 'require-origin', 'shop_one'], /on\|off/],
    [['shops', 'require-origin', 'shop_one', 'maybe'], /requires on or off/],
    [['shops', 'disable', 'shop_one', '--expected-version', '0'], /--expected-version/],
    [['shops', 'disable', 'shop_one', '--expected-version', '1.5'], /--expected-version/],
    [['keys', 'rotate', 'shop_one', '--overlap', '2h'], /one of 0, 1h, 24h, 7d/],
    [['keys', 'reset', 'shop_one', '--force'], /Unknown option/],
    [['tokens', 'mint', 'shop/one'], /shop id/],
    [['tokens', 'mint', 'shop_one'], /WIDGET_GATE_SHOP_API_KEY or on stdin/],
    [['tokens', 'inspect', 'shop_one'], /WIDGET_GATE_SHOP_API_KEY/],
    [['tokens', 'inspect', 'shop_one', '--origin', 'a', '--origin', 'b'], /one --origin/],
    [['tokens', 'explain', 'shop_one', '--origin', 'a', '--origin', 'b'], /one --origin/],
    [['tokens', 'explain', 'shop_one'], /widget token on stdin/],
    [['explain'], /Usage: widget-gate explain <requestId>/],
    [['explain', 'a/b'], /request id/],
    [['audit', 'list', '--limit', '101'], /--limit/],
    [['audit', 'list', '--from', 'yesterday'], /--from requires a day/],
    [['audit', 'list', '--to', '2026-13-01'], /--to requires a day/],
    [['audit', 'list', '--once'], /Unknown option/],
    [['audit', 'export', '--limit', '1'], /Unknown option/],
    [['audit', 'tail', '--to', '2026-01-01'], /omit --to/],
    [['whoami', 'me'], /Usage: widget-gate whoami/],
    [['login', '--user', 'a/b'], /--user or in WIDGET_GATE_USER/],
    [['login', '--secret', 'x'], /Unknown option/],
    [['login', '--browser', '--user', 'a/b'], /--user or in WIDGET_GATE_USER/],
    [['login', '--console', 'https://console.example.com'], /--console requires --browser/],
    [['login', '--browser=yes'], /does not take an argument/],
    [['login', '--url', 'https://gate.example'], /not both/],
    [['iam', 'add-user'], /<name>/],
    [['iam', 'add-user', 'a/b'], /IAM user name/],
    [['origins', 'add', 'shop_one'], /<origin>…/],
    [['origins', 'test', 'shop_one', 'a', 'b'], /Usage: /],
    [['faults', 'set'], /<spec>/],
    [['faults', 'show', 'more'], /Usage: /],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await runCli([...args, '--data-dir', join(directory, 'none')]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^widget-gate: wrong_usage: /);
    expect(stderr).toMatch(message);
  });

  test.each([
    'gate.example',
    'http://gate.example',
    'http://127.0.0.1.evil.example',
    'ftp://127.0.0.1',
    'https://user:word@gate.example',
    'https://gate.example/?x',
    'https://gate.example/#x',
  ])('the URL %s, as an option and in the environment', async (url) => {
    for (const run of [runCli(['whoami', '--url', url]), runCli(['whoami'], { env: { WIDGET_GATE_URL: url } })])
      expect(await run).toEqual({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(/wrong_usage: The URL of a gate/),
      });
  });

  test.each(['faults show', 'ring rotate', 'iam users'])('"%s" for a gate elsewhere', async (words) => {
    const { code, stderr } = await runCli([...words.split(' '), '--url', 'https://gate.example']);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/only for the gate on this machine/)]);
  });

  test('with --json as one object on stdout', async () => {
    const { code, stdout, stderr } = await runCli(['shops', 'xyzzy', '--json']);
    expect([code, stderr]).toEqual([2, '']);
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      code: 'wrong_usage',
      message: expect.stringMatching(/must be followed by/),
    });
  });
});

describe('refuses a secret among the arguments, without repeating it', () => {
  test.each([
    ['an API key', ['tokens', 'mint', 'shop_one', apiKey]],
    ['an API key within an option', ['tokens', 'mint', 'shop_one', `--key=${apiKey}`]],
    ['a key that was cut short', ['shops', 'show', apiKey.slice(0, 30)]],
    ['a widget token', ['tokens', 'inspect', 'shop_one', token]],
    ['a widget token within an option', ['tokens', 'inspect', 'shop_one', `--token=${token}`]],
    ['a secret beside --help', ['--help', token]],
  ])('%s', async (_what, args) => {
    const { code, stdout, stderr } = await runCli(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/pass an API key in WIDGET_GATE_SHOP_API_KEY or on stdin, a widget token on stdin/);
    expect(stderr).not.toContain(apiKey.slice(12, 25));
    expect(stderr).not.toContain(token.slice(0, 20));
  });

  test.each([
    ['a secret access key', ['login', `wJalrXUtnFEMI/K7MDENG/${'bPxRfiCYEXAMPLEKEY'}`]],
    ['a secret access key within an option', ['login', `--secret=wJalrXUtnFEMI/K7MDENG/${'bPxRfiCYEXAMPLEKEY'}`]],
    ['an access key id', ['login', '--user', `AKIA${'IOSFODNN7EXAMPLE'}`]],
    ['the id of a temporary key', ['login', `--key=ASIA${'IOSFODNN7EXAMPLE'}`]],
  ])('%s', async (_what, args) => {
    const { code, stdout, stderr } = await runCli(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/is an AWS access key.*specify a profile with --profile/);
    expect(stderr).not.toMatch(/K7MDENG|IOSFODNN7/);
  });

  test('but no hash, and no cursor of a list', () => {
    const cursor = Buffer.from('shop_aaaaaaaaaaaaaaaaaaaaaaaaa').toString('base64url');
    expect(cursor).toHaveLength(40);
    expect(() => refuseSecrets(['explain', 'a1'.repeat(20), '--cursor', cursor])).not.toThrow();
  });

  test('wherever in an argument a token is', () => {
    for (const before of ['', 'x', 'xy', 'xyz', 'a/b='])
      expect(() => refuseSecrets([`${before}${token}`])).toThrow('is a secret');
    expect(() => refuseSecrets(['shop_one', `https://${'a'.repeat(200)}.example.com`])).not.toThrow();
  });
});

describe('exit code 3, when no gate is reachable', () => {
  const withControl = (text: string): string => {
    const folder = mkdtempSync(join(directory, 'stale-'));
    writeFileSync(join(folder, 'control.json'), text);
    return folder;
  };
  const stale = { address: 'http://127.0.0.1:1', secret: 'a'.repeat(43), baseUrl: 'http://127.0.0.1:1' };

  test.each<[string, () => string]>([
    ['nothing runs there', () => join(directory, 'none')],
    ['the gate there was killed', () => withControl(JSON.stringify(stale))],
    ['the control file is damaged', () => withControl('{')],
    [
      'the control file names another machine',
      () => withControl(JSON.stringify({ ...stale, address: 'http://evil.example:80' })),
    ],
  ])('%s', async (_why, folder) => {
    const { code, stdout, stderr } = await runCli(['faults', 'show', '--data-dir', folder()]);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/^widget-gate: not_reachable: /);
    const json = await runCli(['faults', 'show', '--json', '--data-dir', folder()]);
    expect([json.code, json.stderr]).toEqual([3, '']);
    expect(JSON.parse(json.stdout)).toEqual({ ok: false, code: 'not_reachable', message: expect.any(String) });
  });
});

describe('help', () => {
  test.each([[['--help']], [['-h']], [['help']], [['help', 'xyzzy']]])('%j shows every command', async (args) => {
    const { code, stdout, stderr } = await runCli(args);
    expect([code, stdout, stderr]).toEqual([0, `${helpOn()}\n`, '']);
    for (const { words } of commands) expect(stdout).toContain(`\n  ${words}`);
  });

  test.each(nouns)('after "%s" shows the commands of that noun', async (noun) => {
    for (const args of [
      [noun, '--help'],
      [noun, '-h'],
      ['-h', noun],
      ['help', noun],
    ]) {
      const { code, stdout } = await runCli(args);
      expect([code, stdout]).toEqual([0, `${helpOn(noun)}\n`]);
      const others = commands.filter(({ words }) => words.split(' ')[0] !== noun);
      expect(others.filter(({ words }) => stdout.includes(`\n  ${words} `))).toEqual([]);
    }
  });

  test('after a noun and a verb shows that command', async () => {
    for (const args of [
      ['help', 'shops', 'create'],
      ['shops', 'create', '--help'],
    ]) {
      const { stdout } = await runCli(args);
      expect(stdout.match(/^ {2}[a-z]+ .*/gm)).toEqual([expect.stringMatching(/^ {2}shops create /)]);
    }
  });
});

test.each([[['--version']], [['-V']], [['-V', 'shops']]])('%j prints the version of the package', async (args) => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  expect(await runCli(args)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  expect((await runCli(args, { isTerminal: true })).stdout).toBe(`widget-gate ${version}\n`);
});

test.each([
  [['--data-dir', 'none', 'faults', 'show']],
  [['faults', '--data-dir', 'none', 'show']],
  [['faults', 'show', '--data-dir=none']],
])('%j: options may be before, between and after the words of a command', async (args) => {
  const { code, stderr } = await runCli(args);
  expect([code, stderr]).toEqual([3, expect.stringMatching(/No gate runs here \(no .*none\/control\.json\)/)]);
});

test('the file is executable and says by what', () => {
  const file = join(root, 'bin/widget-gate.js');
  accessSync(file, constants.X_OK);
  expect(readFileSync(file, 'utf8').split('\n')[0]).toBe('#!/usr/bin/env node');
});

test('no file of the command line has more than 300 lines', () => {
  const long = readdirSync(join(root, 'cli'), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && readFileSync(join(root, 'cli', file), 'utf8').split('\n').length > 301,
  );
  expect(long).toEqual([]);
});

test.each([
  [0, '2023-11-14T22:13:20Z (0 s ago)'],
  [59, '2023-11-14T22:14:19Z (in 59 s)'],
  [-60, '2023-11-14T22:12:20Z (1 min ago)'],
  [7_199, '2023-11-15T00:13:19Z (in 1 h)'],
  [-864_000, '2023-11-04T22:13:20Z (10 d ago)'],
])('a moment %d s from now is shown as ISO 8601 and from now', (distance, told) => {
  expect(moment(1_700_000_000 + distance, 1_700_000_000)).toBe(told);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, 1e13, -1e13])('a moment at %d s is shown as unknown', (seconds) => {
  expect(moment(seconds)).toBe('unknown');
});

test('a table is aligned and cannot steer a terminal', () => {
  const rows = [
    ['a', 'long cell', 'x'],
    ['\u001b[2Jb\u009b', 'c'],
  ];
  expect(table(rows)).toBe('a                 long cell  x\n\\u001b[2Jb\\u009b  c');
  expect(table([])).toBe('');
});
