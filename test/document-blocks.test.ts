import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { requireCounterpart } from './support/counterparts.ts';
import { type Block, shellBlocks } from './support/document-blocks.ts';
import { startWithWelcome, type TextStart } from './support/text-start.ts';

const root = join(import.meta.dirname, '..');
const blocks = shellBlocks();
const rows = blocks.map((block): [string, Block] => [block.place, block]);

/** The pages whose blocks are pasted one after the other into a new terminal beside a gate, and parts of what they print there. */
const pasted: ReadonlyMap<string, readonly string[]> = new Map([
  ['docs/getting-started.md', ['"shopId"', '401', 'unauthorized', '403', 'origin_not_allowed']],
  ['docs/embed-in-a-shop.md', ['{"token":"', '"shopId"', '"reason":"ok"']],
  ['docs/embed-in-a-portal.md', ['"kind":"security-token"', '{"token":"', '"kind":"dev-key"']],
  ['docs/widget-reference.md', ['"integrity"']],
  ['docs/administer.md', ['create-shop', '/admin/#link=']],
  ['docs/operate.md', ['ok  expired', 'shop_']],
]);

test('there are blocks in several documents, so that the tests below look at something', () => {
  expect(blocks.length).toBeGreaterThan(40);
  for (const file of [...pasted.keys(), 'docs/runbooks.md']) expect(blocks.map((block) => block.file)).toContain(file);
});

test.each(rows)('%s: bash reads the block', (_place, { code }) => {
  expect(spawnSync('bash', ['-n'], { input: code, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
});

/** A prompt would read the next pasted line; a gap can't be pasted; npx would ask the public registry for our name. */
test.each(rows)('%s: the block can be pasted as one', (_place, { code }) => {
  const lines = code.split('\n');
  expect(lines.filter((line) => /(^|[;&|]\s*)read\b/.test(line) && !/\bwhile read\b/.test(line))).toEqual([]);
  expect(lines.filter((line) => /…|<[a-z]+>|npx widget-gate/.test(line))).toEqual([]);
});

test('no text for people starts the command line by npx, which would ask the public registry for a name that nobody owns', () => {
  const texts = ['bin', 'cli', 'contract', 'demo', 'docs', 'lambda', 'local', 'web'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(md|tsx?)$/.test(file))
      .map((file) => `${folder}/${file}`),
  );
  const named = ['README.md', 'SECURITY.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'llms.txt', ...texts];
  expect(named.length).toBeGreaterThan(200);
  const wrong = /np(x|m exec)( -\S+)*( --)? widget-gate/;
  expect(named.filter((file) => wrong.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
});

/** What a line that a command prints for `eval` defines. */
const evaluated: [RegExp, string[]][] = [
  [/local keys/, ['URL', 'SHOP_ID', 'SHOP_API_KEY', 'SHOP_ORIGIN', 'ANALYTICS_API_KEY', 'DATA_ROUTER_API_KEY', 'USER']],
  [/shops create/, ['SHOP_ID', 'SHOP_API_KEY']],
  [/service-keys add analytics/, ['KEY_ID', 'ANALYTICS_API_KEY']],
  [/service-keys add dev/, ['KEY_ID', 'DEV_API_KEY']],
];

const definedIn = (code: string): string[] => [
  ...[...code.matchAll(/\b([A-Za-z_]\w*)=/g)].map(([, name = '']) => name),
  ...[...code.matchAll(/\bfor (\w+) in\b|\bread -r (\w+)/g)].map(([, one, other]) => one ?? other ?? ''),
  ...[...code.matchAll(/eval "\$\(([^)]*)\)"/g)].flatMap(([, command = '']) =>
    evaluated.flatMap(([pattern, names]) => (pattern.test(command) ? names.map((name) => `WIDGET_GATE_${name}`) : [])),
  ),
];

/** Without what single quotes keep from the shell, such as a program of jq. */
const usedIn = (code: string): string[] =>
  [...code.replaceAll(/'[^']*'/g, "''").matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = '']) => name);

test.each(rows)('%s: every variable is defined before it is used', (_place, { file, section, code }) => {
  const at = blocks.findIndex((block) => block.code === code && block.file === file);
  // A runbook is read by itself: it has the names of the page's beginning, and its own. Other pages are read from the top.
  const before = blocks
    .slice(0, at)
    .filter(
      (block) =>
        block.file === file && (file !== 'docs/runbooks.md' || block.section === '' || block.section === section),
    );
  const defined = new Set([...before.map((block) => block.code), code].flatMap(definedIn));
  expect(usedIn(code).filter((name) => !defined.has(name))).toEqual([]);
});

const cdkLines = blocks.flatMap(({ place, code }) =>
  [...code.replaceAll('\\\n', ' ').matchAll(/npx cdk (\w+)([^&|;\n]*)/g)].map(
    ([line, verb = '', rest = '']): [string, string, string, string] => [place, line.trim(), verb, rest],
  ),
);

describe('the CDK command line', () => {
  const helps = new Map<string, string>();
  const helpOf = (verb: string): string => {
    const help =
      helps.get(verb) ?? execFileSync(join(root, 'node_modules/.bin/cdk'), [verb, '--help'], { encoding: 'utf8' });
    helps.set(verb, help);
    return help;
  };

  test.each(cdkLines)('%s: "%s" has no option that this version lacks', (_place, _line, verb, rest) => {
    const help = helpOf(verb);
    const options = [...rest.matchAll(/(?<=\s)--?[a-z][a-z-]*/g)].map(([option]) => option);
    expect(options.filter((option) => !new RegExp(`(^|[\\s,])${option}[\\s,]`, 'm').test(help))).toEqual([]);
  });
});

test('every npm script that a block runs exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
  const named = blocks.flatMap(({ code }) =>
    [...code.matchAll(/npm run (?:--silent )?([\w-]+)/g)].map(([, name]) => name),
  );
  expect(named.filter((name) => !Object.hasOwn(scripts, name as string))).toEqual([]);
});

/** AWS, the registry and a deployment are not here; what these blocks say is checked above. */
const needsMore = /\b(aws|cdk|npm|id_of)\b|execute-api|since\.ndjson|shops\.ndjson|harmless/;

describe('at a local gate', () => {
  let checkout: string;
  let gate: TextStart;
  beforeAll(async () => {
    checkout = mkdtempSync(join(tmpdir(), 'widget-gate-blocks-'));
    mkdirSync(join(checkout, 'home'));
    symlinkSync(join(root, 'bin'), join(checkout, 'bin'));
    gate = await startWithWelcome('--data-dir', join(checkout, '.widget-gate'));
  }, 180_000);
  afterAll(async () => {
    await gate?.end();
    rmSync(checkout, { recursive: true, force: true });
  });

  /** Pastes text into a shell that stops at the first failure: curl fails for a refusal, a pipe with any of its parts. */
  const paste = (text: string) =>
    spawnSync('bash', ['-euo', 'pipefail', '-c', `curl() { command curl -fsS "$@"; }\n${text}`], {
      cwd: checkout,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`, HOME: join(checkout, 'home') },
    });

  const inOrder = (file: string): string =>
    blocks
      .filter((block) => block.file === file && !needsMore.test(block.code))
      .map(({ code, place }) => `echo "== ${place}"\n${code}`)
      .join('\n');

  test('the welcome is one screen: addresses, export lines, three next steps, and where the documents are', () => {
    const lines = gate.stdout().trim().split('\n');
    expect(lines.length).toBeLessThanOrEqual(35);
    expect(lines.filter((line) => line.startsWith('  export ')).length).toBeGreaterThan(3);
    expect(lines.filter((line) => /^\d\. /.test(line)).map((line) => line[0])).toEqual(['1', '2', '3']);
    expect(lines.at(-1)).toBe('Documentation: docs/getting-started.md. Ctrl-C stops the gate.');
  });

  test('the blocks of the welcome do what they say, in a new terminal', () => {
    const [, lines = ''] = gate.stdout().split('Paste these lines');
    const code = lines
      .split('\n')
      .filter((line) => line.startsWith('  '))
      .map((line) => line.slice(2));
    const { status, stdout, stderr } = paste(code.join('\n'));
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200']);
    expect(stdout).toContain('/admin/#link=');
  }, 180_000);

  test('a user outside of the group is refused, with the command that adds them', () => {
    const { dev } = JSON.parse(readFileSync(join(checkout, '.widget-gate/test-keys.json'), 'utf8'));
    const { userName, accessKeyId, secretAccessKey } = dev.outsider;
    const { status, stderr } = paste(
      `export AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey}\nbin/widget-gate.js login --user ${userName}`,
    );
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/not_in_admin_group: .*Run: bin\/widget-gate\.js iam add-to-group demo-outsider\n$/),
    ]);
  }, 180_000);

  test.each([...pasted])(
    'the blocks of %s do what they say, pasted one after the other into a new terminal',
    (file, parts) => {
      // Refusals are what some of them show.
      const { status, stdout, stderr } = paste(inOrder(file).replaceAll('curl -sS -i', 'command curl -sS -i'));
      expect([status, stderr]).toEqual([0, '']);
      for (const part of parts) expect(stdout).toContain(part);
    },
    180_000,
  );

  test('together they are many', () => {
    const run = blocks.filter((block) => pasted.has(block.file) && !needsMore.test(block.code));
    expect(run.length).toBeGreaterThan(20);
  });

  test('the blocks of the runbooks do what they say, pasted one after the other', () => {
    requireCounterpart('jq');
    // One terminal: the gate and the keys are those of the line that the page's beginning names.
    const text = `eval "$(bin/widget-gate.js local keys)"\n${inOrder('docs/runbooks.md')}`;
    const { status, stdout, stderr } = paste(text);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('bob is in Qrvey-Admin-dev.');
  }, 180_000);

  test('each call is one readable line without a credential, and no counter is printed', async () => {
    const issued = /^\d\d:\d\d:\d\d POST \/api\/shops\/shop_\w{24}\/widget-token 200 \d+ ms$/;
    // What was written while a shell was waited for is read now.
    while (!/widget-token 200/.test(gate.stderr())) await setTimeout(50);
    const lines = gate.stderr().trimEnd().split('\n');
    expect(lines).toContainEqual(expect.stringMatching(issued));
    expect(lines.filter((line) => /_aws|(sk|an|dr|dev)_test_\w{8}_|c2hvcF|eyJ/.test(line))).toEqual([]);
  });
});
