import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cdkFlags } from '#lib/assets.ts';
import own from '../../package.json' with { type: 'json' };

/**
 * The package's manifest. It is made here, and the checkout's own says `private`, so that nobody publishes a checkout: its TypeScript does not
 * run below node_modules, and its dependencies are tools.
 */
export function packageManifest(): string {
  const { name, version, description, license, type, sideEffects, dependencies } = own;
  const manifest = {
    name,
    version,
    description,
    license,
    keywords: ['aws-cdk', 'cdk', 'authentication', 'widget', 'embedded'],
    type,
    sideEffects,
    // "default" and not "import": an app of CommonJS modules may require it.
    exports: { '.': { types: './lib/index.d.ts', default: './lib/index.js' }, './package.json': './package.json' },
    types: './lib/index.d.ts',
    bin: { 'widget-gate': 'bin/widget-gate.js' },
    // Those that can require an ES module without a flag.
    engines: { node: '^20.19.0 || >=22.12.0' },
    peerDependencies: {
      'aws-cdk-lib': `^${dependencies['aws-cdk-lib']}`,
      constructs: constructsRange(),
    },
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

/** Whatever the CDK itself takes. */
function constructsRange(): string {
  const file = join(import.meta.dirname, '../../node_modules/aws-cdk-lib/package.json');
  const { peerDependencies } = JSON.parse(readFileSync(file, 'utf8')) as { peerDependencies: { constructs: string } };
  return peerDependencies.constructs;
}

/** The part of cdk.json that the construct reads; stages are the app's own. */
export const cdkFlagsFile = (): string => `${JSON.stringify({ context: cdkFlags() }, undefined, 2)}\n`;
