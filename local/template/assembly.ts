import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: unknown }>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>
  >;
}

export interface Stack {
  readonly name: string;
  readonly region: string;
  /** `unknown-account` where the stage leaves it open. */
  readonly account: string;
  readonly template: Template;
  /** Absolute folder of a file asset, by its object key in the asset bucket. */
  readonly assets: ReadonlyMap<string, string>;
}

interface Manifest {
  readonly artifacts: Readonly<
    Record<
      string,
      { type: string; environment?: string; properties?: { templateFile?: string; file?: string; stackName?: string } }
    >
  >;
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<string, { source: { path?: string }; destinations: Readonly<Record<string, { objectKey: string }>> }>
  >;
}

const readJson = <Content>(file: string): Content => JSON.parse(readFileSync(file, 'utf8')) as Content;

/** Reads the stacks of a synthesized cloud assembly. CDK lists a stack after those that it depends on. */
export function readAssembly(directory: string): Stack[] {
  const { artifacts } = readJson<Manifest>(join(directory, 'manifest.json'));
  return Object.entries(artifacts).flatMap(([name, { type, environment, properties }]) => {
    if (type !== 'aws:cloudformation:stack' || properties?.templateFile === undefined) return [];
    return {
      name: properties.stackName ?? name,
      region: (environment ?? '').split('/').at(-1) ?? '',
      account: (environment ?? '').split('/').at(-2) ?? '',
      template: readJson<Template>(join(directory, properties.templateFile)),
      assets: readAssets(directory, artifacts[`${name}.assets`]?.properties?.file),
    };
  });
}

function readAssets(directory: string, file: string | undefined): Map<string, string> {
  if (file === undefined) return new Map();
  const { files = {} } = readJson<AssetManifest>(join(directory, file));
  return new Map(
    Object.values(files).flatMap(({ source, destinations }) =>
      Object.values(destinations).map(({ objectKey }) => [objectKey, resolve(directory, source.path ?? '')] as const),
    ),
  );
}
