import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { refused } from './failure.ts';
import { type AppFolder, appFolder } from './home.ts';

export interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: object }>>;
}

/** A stack of a cloud assembly. */
interface SynthesizedStack {
  readonly name: string;
  /** Where it is to be deployed, as the app was synthesized. */
  readonly region: string | undefined;
  readonly file: string;
}

interface Manifest {
  readonly artifacts?: Readonly<Record<string, Artifact>>;
}

interface Artifact {
  readonly type: string;
  /** `aws://<account>/<region>` */
  readonly environment?: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    /** Of the assembly of a CDK stage. */
    readonly directoryName?: string;
  };
}

/** The stacks of a stage as they were last synthesized by the CDK app, or for a start on this machine. Throws `CliFailure` when there are none. */
export function synthesizedStacks(stage: string, app: AppFolder = appFolder()): readonly SynthesizedStack[] {
  const local = join(app.path, 'dist/assembly');
  const kept = app.isCheckout && existsSync(local) ? readdirSync(local).map((name) => join(local, name)) : [];
  const [newest] = [join(app.path, 'cdk.out'), ...kept]
    .map((folder) => stacksIn(folder).filter(({ name }) => name.startsWith(`WidgetGate-${stage}-`)))
    .filter((stacks) => stacks.length > 0)
    .map((stacks) => ({ stacks, madeAt: statSync((stacks[0] as SynthesizedStack).file).mtimeMs }))
    .sort((a, b) => b.madeAt - a.madeAt);
  if (newest !== undefined) return newest.stacks;
  const remedy = app.isCheckout
    ? `run npm run synth -- -c stage=${stage}`
    : 'run "cdk synth" in the folder of your CDK app, and this command in the same folder';
  throw refused('no_template', `The stage "${stage}" has not been synthesized yet: ${remedy}`);
}

/** Their templates. Throws `CliFailure` when there are none. */
export const readTemplates = (stage: string, app?: AppFolder): readonly Template[] =>
  synthesizedStacks(stage, app).map(({ file }) => JSON.parse(readFileSync(file, 'utf8')) as Template);

/** By the manifest: an app that has the gate among its own stacks names the files otherwise. */
function stacksIn(folder: string): SynthesizedStack[] {
  const manifest = join(folder, 'manifest.json');
  if (!existsSync(manifest)) return [];
  const { artifacts = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as Manifest;
  return Object.entries(artifacts).flatMap(([id, { type, environment, properties = {} }]) => {
    const { templateFile, stackName, directoryName } = properties;
    if (type === 'cdk:cloud-assembly' && directoryName !== undefined) return stacksIn(join(folder, directoryName));
    if (type !== 'aws:cloudformation:stack' || templateFile === undefined) return [];
    const region = /^aws:\/\/[^/]+\/([a-z]{2}-[a-z-]+-\d)$/.exec(environment ?? '')?.[1];
    return [{ name: stackName ?? id, region, file: join(folder, templateFile) }];
  });
}
