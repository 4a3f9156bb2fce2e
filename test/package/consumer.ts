import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../..');
const PEERS = ['aws-cdk-lib', 'constructs', '@types/node'];

/** A folder with a CDK app of its own, in which the package is installed. */
export interface Consumer {
  readonly folder: string;
  write(file: string, text: string): void;
  /** Starts a file of the folder with Node, as `cdk synth` would; the folder of its cloud assembly. */
  synthesize(file: string, assembly?: string): Promise<string>;
  /** Checks types as a tsconfig.json says, the declarations of packages included. Throws with what the compiler says. */
  checkTypes(config: string, ...files: string[]): Promise<void>;
}

/** Installs the tarball into an empty folder without a network. What the app itself installs, the peers, are this checkout's. */
export function installInto(folder: string, tarball: string): Consumer {
  const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);
  mkdirSync(folder);
  write('package.json', '{"private":true,"type":"module"}');
  const options = ['--offline', '--no-audit', '--no-fund', '--legacy-peer-deps', '--cache', join(folder, 'npm-cache')];
  execFileSync('npm', ['install', ...options, tarball], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  for (const name of PEERS) {
    mkdirSync(join(folder, 'node_modules', name, '..'), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  const run = async (args: readonly string[], assembly = ''): Promise<void> => {
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, CDK_OUTDIR: assembly };
    await promisify(execFile)(process.execPath, args, { cwd: folder, env }).catch(
      (error: { stdout: string; stderr: string }) => {
        throw new Error(`${error.stdout}${error.stderr}`);
      },
    );
  };
  return {
    folder,
    write,
    async synthesize(file, assembly = `assemblies/${file}`) {
      await run([file], join(folder, assembly));
      return join(folder, assembly);
    },
    async checkTypes(config, ...files) {
      const stricter = { noUncheckedIndexedAccess: true, skipLibCheck: false };
      const { compilerOptions } = JSON.parse(config) as { compilerOptions: { strict: true } };
      write('tsconfig.json', JSON.stringify({ compilerOptions: { ...compilerOptions, ...stricter }, files }));
      await run([join(root, 'node_modules/typescript/bin/tsc'), '-p', folder]);
    },
  };
}

export interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
}

/** Templates by the names of their stacks. */
export function templatesIn(assembly: string): Record<string, Template> {
  const { artifacts } = JSON.parse(readFileSync(join(assembly, 'manifest.json'), 'utf8')) as {
    artifacts: Record<string, { type: string; properties?: { templateFile?: string; stackName?: string } }>;
  };
  return Object.fromEntries(
    Object.entries(artifacts).flatMap(([id, { properties: { templateFile, stackName = id } = {} }]) =>
      templateFile?.endsWith('.template.json') && existsSync(join(assembly, templateFile))
        ? [[stackName, JSON.parse(readFileSync(join(assembly, templateFile), 'utf8')) as Template]]
        : [],
    ),
  );
}
