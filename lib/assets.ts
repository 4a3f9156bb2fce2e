import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionName } from '#contract/functions.ts';

/** The checkout, or the installed package, whose `lib/index.js` is this code: both have the files below in the same places. */
const ROOT = join(import.meta.dirname, '..');

/** What browsers load, as `npm run build` lays it out. */
export const WEB_FILES = join(ROOT, 'dist/web');

/** The folder with the bundle of a function. */
export const bundleOf = (functionName: FunctionName): string => join(ROOT, 'dist/lambda', functionName);

/** The source of a function that runs at CloudFront's edges. */
export const edgeCode = (file: string): string => readFileSync(join(ROOT, 'lib/edge', file), 'utf8');

/** The CDK flags that the gate's templates are made with. */
export function cdkFlags(): Record<string, unknown> {
  const { context } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as { context: Record<string, unknown> };
  return Object.fromEntries(Object.entries(context).filter(([name]) => name.startsWith('@aws-cdk')));
}
