import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The checkout, or the installed package, whose `bin/widget-gate.js` is this code. */
const ROOT = join(import.meta.dirname, '..');

interface Manifest {
  readonly version: string;
  /** In the checkout alone: what is installed elsewhere is made from it. */
  readonly private?: boolean;
}

const manifest = (): Manifest => JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

/** The release that runs. */
export const version = (): string => manifest().version;

/** The folder of the CDK app whose stages commands look at: the checkout, or the working folder where the command is installed in an app. */
export interface AppFolder {
  readonly path: string;
  readonly isCheckout: boolean;
}

export function appFolder(): AppFolder {
  const isCheckout = manifest().private === true;
  return { path: isCheckout ? ROOT : process.cwd(), isCheckout };
}

/** The region that the app's cdk.json states for a stage, where it has one. */
export function statedRegion({ path }: AppFolder, stage: string): string | undefined {
  const file = join(path, 'cdk.json');
  if (!existsSync(file)) return undefined;
  const { context } = JSON.parse(readFileSync(file, 'utf8')) as {
    context?: { stages?: Record<string, { region?: string }> };
  };
  return context?.stages?.[stage]?.region;
}
