import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join, posix, relative } from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { functions } from '#contract/functions.ts';
import { synthesize } from '#local/synthesize.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { type LocalProcess, startLocal } from '../support/local-process.ts';
import { type Consumer, installInto, templatesIn } from './consumer.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/use-in-your-cdk-app.md'), 'utf8');
/** The app of the page, in a language. */
const codeOfPage = (language: string): string =>
  new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';

/** The options of the page for the compiler. */
const CONFIG = /```json\n(\{\n {2}"compilerOptions"[\s\S]*?)```/.exec(page)?.[1] ?? '';

let folder: string;
let app: Consumer;
let installed: string;
let files: string[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'widget-gate-package-'));
  const packed = execFileSync(process.execPath, ['bin/pack.ts', '--to', folder], { cwd: root, encoding: 'utf8' });
  app = installInto(join(folder, 'app'), packed.trim().split('\n').at(-1) ?? '');
  installed = join(app.folder, 'node_modules/widget-gate');
  files = readdirSync(installed, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(installed, join(entry.parentPath, entry.name)))
    .sort();
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const textOf = (file: string): string => readFileSync(join(installed, file), 'utf8');

describe('the package', () => {
  /** Every kind of file, and how many there are where that is fixed. */
  const KINDS: readonly [RegExp, number?][] = [
    [/^package\.json$/, 1],
    [/^cdk\.json$/, 1],
    [/^(LICENSE|THIRD-PARTY-LICENSES\.txt)$/, 2],
    [/^(README|CHANGELOG|SECURITY)\.md$/, 3],
    [/^docs\/(use-in-your-cdk-app|upgrading|stage-options|operate|alarms|runbooks|cli)\.md$/, 7],
    [/^lib\/index\.js$/, 1],
    [/^(lib|contract)\/[\w/-]+\.d\.ts$/],
    [/^lib\/edge\/(any-page|pages)\.js$/, 2],
    [/^bin\/widget-gate\.js$/, 1],
    [
      new RegExp(`^dist/lambda/(${Object.keys(functions).join('|')})/(index\\.js|package\\.json)$`),
      2 * Object.keys(functions).length,
    ],
    [/^dist\/web\/(widget\.js|widget\/latest\.json|admin\/index\.html)$/, 3],
    [/^dist\/web\/widget\/\d+\.\d+\.\d+\/(widget\.js|widget\.d\.ts|errors\.html)$/, 3],
    [/^dist\/web\/admin\/assets\/[\w.-]+\.(js|css|svg)$/],
  ];

  test('has these kinds of files and no other', () => {
    expect(files.filter((file) => !KINDS.some(([kind]) => kind.test(file)))).toEqual([]);
    for (const [kind, count] of KINDS) {
      const matching = files.filter((file) => kind.test(file)).length;
      expect([kind, matching]).toEqual([kind, count ?? expect.any(Number)]);
      expect([kind, matching > 0]).toEqual([kind, true]);
    }
  });

  test('has at most 6 MB', () => {
    const bytes = files.reduce((sum, file) => sum + statSync(join(installed, file)).size, 0);
    expect(bytes).toBeLessThanOrEqual(6e6);
  });

  test('asks for the CDK as a peer, and for nothing else', () => {
    const manifest = JSON.parse(textOf('package.json')) as Record<string, object>;
    expect(Object.keys(manifest.peerDependencies ?? {}).sort()).toEqual(['aws-cdk-lib', 'constructs']);
    for (const member of ['dependencies', 'devDependencies', 'optionalDependencies', 'scripts', 'private'])
      expect(manifest).not.toHaveProperty(member);
    expect(manifest).toMatchObject({ name: 'widget-gate', version: packageJson.version, license: 'Apache-2.0' });
  });

  test('imports its peers and Node, in the construct; Node alone, in the command line', () => {
    const importsIn = (file: string): string[] => {
      const options = { bundle: true, write: false, packages: 'external', platform: 'node', metafile: true } as const;
      const { metafile } = buildSync({ ...options, format: 'esm', entryPoints: [join(installed, file)] });
      return Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
    };
    const isNode = (name: string): boolean => builtinModules.includes(name.replace(/^node:/, ''));
    const ofLib = importsIn('lib/index.js');
    expect(ofLib).toContain('aws-cdk-lib');
    expect(ofLib.filter((name) => !isNode(name) && !/^(aws-cdk-lib(\/[\w-]+)?|constructs)$/.test(name))).toEqual([]);
    const ofCommand = importsIn('bin/widget-gate.js');
    expect(ofCommand).toContain('node:fs');
    expect(ofCommand.filter((name) => !isNode(name))).toEqual([]);
  });

  test('has no secret, and nothing of the machine that made it', () => {
    const keyOrPath = new RegExp(
      [
        String.raw`\b(sk|an|dr|dev)_(live|test)_\w{8}_\w{20}`,
        String.raw`-----BEGIN [A-Z ]*PRIVATE KEY-----\s*\w`,
        String.raw`\bAKIA[A-Z0-9]{16}\b`,
        root.replaceAll('.', '\\.'),
        'sourceMappingURL',
      ].join('|'),
    );
    expect(keyOrPath.test(`${root}/lib`)).toBe(true);
    expect(files.filter((file) => keyOrPath.test(textOf(file)))).toEqual([]);
  });

  test('has no link in a page to a file that it lacks', () => {
    const pages = files.filter((file) => file.endsWith('.md'));
    const links = pages.flatMap((file) =>
      [...textOf(file).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map(([, path]) => path as string)
        .filter((path) => !/^[a-z]+:/.test(path))
        .map((path) => posix.join(posix.dirname(file), path)),
    );
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((path) => !files.includes(path))).toEqual([]);
  });

  test('names the license of every package whose code is in it', () => {
    const licenses = textOf('THIRD-PARTY-LICENSES.txt');
    for (const name of ['@aws-sdk/client-dynamodb', '@smithy/core', 'preact', 'valibot'])
      expect(licenses).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\((MIT|Apache-2\\.0)\\)$`, 'm'));
    expect(licenses).not.toMatch(/undefined/);
  });
});

describe('an app with the ten lines of the page', () => {
  const STACKS = ['dev', 'prod'].flatMap((stage) =>
    ['Api', 'Data', 'Operations', 'Web'].map((part) => `WidgetGate-${stage}-${part}`),
  );

  test.each([
    ['app.ts', 'ts'],
    ['app.cjs', 'js'],
  ])('%s synthesizes both stages, with alarms', async (file, language) => {
    const code = codeOfPage(language);
    expect(code.trimEnd().split('\n').length).toBeLessThanOrEqual(10);
    app.write(file, code);
    const templates = templatesIn(await app.synthesize(file));
    expect(Object.keys(templates).sort()).toEqual(STACKS);
    for (const stage of ['dev', 'prod']) {
      const watching = Object.values(templates[`WidgetGate-${stage}-Operations`]?.Resources ?? {});
      expect(watching.filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm').length).toBeGreaterThan(5);
    }
    expect(JSON.stringify(templates['WidgetGate-prod-Operations'])).toContain('"Endpoint":"ops@example.com"');
  });

  test('passes a strict type check that looks into the declarations, from ES modules and from CommonJS', async () => {
    app.write('app.ts', codeOfPage('ts'));
    app.write('common.cts', codeOfPage('ts'));
    expect(CONFIG).toContain('"strict": true');
    await app.checkTypes(CONFIG, 'app.ts', 'common.cts');
  });

  test('fails the type check and the synthesis for a member that does not exist', async () => {
    app.write('wrong.ts', codeOfPage('ts').replace('alarmEmail', 'alarmMail'));
    await expect(app.checkTypes(CONFIG, 'wrong.ts')).rejects.toThrow(
      /'alarmMail' does not exist in type 'WidgetGateProps'/,
    );
    await expect(app.synthesize('wrong.ts')).rejects.toThrow(/stages\.prod\.alarmMail: unknown member/);
  });

  test('which protects an API of its own has that piece of the page checked, too', async () => {
    const piece = page.split('## Protect an API that you have')[1] ?? '';
    app.write('protect.ts', /```ts\n([\s\S]*?)```/.exec(piece)?.[1] ?? '');
    await app.checkTypes(CONFIG, 'protect.ts');
    const { Shop } = templatesIn(await app.synthesize('protect.ts'));
    const types = Object.values(Shop?.Resources ?? {}).map(({ Type }) => Type);
    expect(types.filter((type) => type === 'AWS::ApiGateway::Authorizer')).toHaveLength(1);
  });
});

describe('the templates of the package', () => {
  const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as {
    context: { stages: Record<string, object> };
  };

  test('are those of the checkout for both of its stages, hashes of the bundles included', async () => {
    const gates = Object.entries(context.stages).map(
      ([stage, members]) =>
        `new WidgetGate(app, 'Gate-${stage}', { ...${JSON.stringify(members)}, stage: '${stage}', stackScope: app });`,
    );
    app.write(
      'same.ts',
      `import { App } from 'aws-cdk-lib';
import { WidgetGate } from 'widget-gate';
import flags from './node_modules/widget-gate/cdk.json' with { type: 'json' };
const app = new App(flags);
${gates.join('\n')}
`,
    );
    const [dev, prod] = [templatesIn(await synthesize('dev')), templatesIn(await synthesize('prod'))];
    expect([Object.keys(dev).length, Object.keys(prod).length]).toEqual([4, 4]);
    expect(templatesIn(await app.synthesize('same.ts'))).toEqual({ ...dev, ...prod });
  });
});

describe('the installed command line', () => {
  let gate: LocalProcess;
  beforeAll(async () => {
    gate = await startLocal('--data-dir', join(folder, 'gate'));
  });
  afterAll(() => gate?.end('SIGTERM'));

  /** Started by the name that npm links, in the folder of the app. */
  async function command(...args: string[]): Promise<string> {
    const { admin } = gate.announcement;
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      WIDGET_GATE_URL: gate.announcement.baseUrl,
      WIDGET_GATE_SESSION_FILE: join(folder, 'session.json'),
      AWS_ACCESS_KEY_ID: admin.accessKeyId,
      AWS_SECRET_ACCESS_KEY: admin.secretAccessKey,
    };
    const path = join(app.folder, 'node_modules/.bin/widget-gate');
    return (await promisify(execFile)(path, args, { cwd: app.folder, env })).stdout;
  }

  test('says its version', async () => {
    expect(await command('--version')).toBe(`${packageJson.version}\n`);
  });

  test('logs in at a gate, lists its shops and checks it', async () => {
    await command('login', '--user', gate.announcement.admin.userName);
    expect(await command('shops', 'list')).toContain(gate.announcement.shop.shopId);
    expect(await command('doctor')).toMatch(/^ok +session/m);
  });

  test('estimates the bill of a stage of the app from the templates of the app', async () => {
    const cost = () => command('cost', '--calls', '1000000', '--stage', 'prod');
    await expect(cost()).rejects.toThrow(/run "cdk synth" in the folder of your CDK app/);
    app.write('prod.ts', codeOfPage('ts').replace(/^.*stage: 'dev'.*\n/m, ''));
    await app.synthesize('prod.ts', 'cdk.out');
    expect(await cost()).toMatch(/^Stage prod, a month[\s\S]*^total /m);
  });
});
