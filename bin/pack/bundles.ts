import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';

const root = join(import.meta.dirname, '../..');

export interface Bundles {
  /** Text by path in the package. */
  readonly files: ReadonlyMap<string, string>;
  /** The files that left bytes in any bundle of the package. */
  readonly inputs: readonly string[];
}

/** The construct and the command line, one file each. */
export async function bundleForOthers(): Promise<Bundles> {
  const [lib, command] = await Promise.all([
    bundle({ entryPoints: ['lib/index.ts'], external: ['aws-cdk-lib', 'constructs'] }),
    bundle({ entryPoints: ['bin/pack/command.ts'], banner: { js: '#!/usr/bin/env node' } }),
  ]);
  const functions = readdirSync(join(root, 'dist/meta')).map(
    (file) => JSON.parse(readFileSync(join(root, 'dist/meta', file), 'utf8')) as Metafile,
  );
  return {
    files: new Map([
      ['lib/index.js', lib.text],
      ['bin/widget-gate.js', command.text],
    ]),
    inputs: [lib.metafile, command.metafile, ...functions].flatMap(inputsOf),
  };
}

async function bundle(options: BuildOptions): Promise<{ text: string; metafile: Metafile }> {
  const { metafile, outputFiles } = await build({
    ...options,
    absWorkingDir: root,
    bundle: true,
    write: false,
    outdir: 'never-written',
    platform: 'node',
    format: 'esm',
    // The oldest that the package runs on.
    target: 'node20.19',
    // The names of functions stay, for the stacks of an app that fails.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  });
  const [file, ...others] = outputFiles;
  if (file === undefined || others.length > 0) throw new Error(`${options.entryPoints} is not one file`);
  return { text: file.text, metafile };
}

const inputsOf = ({ outputs }: Metafile): string[] =>
  Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
