import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { StoredObject } from '../cdn/model.ts';
import { matchesWildcard } from '../iam/wildcard.ts';
import { TemplateError } from './intrinsics.ts';
import type { ResolvedResource } from './resolved-resource.ts';

const UPLOAD = 'Custom::CDKBucketDeployment';

/** The functions that CloudFormation calls to upload files, by ARN: the host does their work and does not run them. */
export const uploadFunctions = (resources: readonly ResolvedResource[]): ReadonlySet<string> =>
  new Set(resources.filter(({ type }) => type === UPLOAD).map(({ properties }) => properties.ServiceToken));

/** The objects of a bucket as its uploads leave them, by key. */
export function objectsOf(bucket: string, resources: readonly ResolvedResource[]): ReadonlyMap<string, StoredObject> {
  const uploads = resources.filter(
    ({ type, properties }) => type === UPLOAD && properties.DestinationBucketName === bucket,
  );
  return new Map(uploads.flatMap(uploadedObjects));
}

function uploadedObjects({ logicalId, properties, stack }: ResolvedResource): [string, StoredObject][] {
  const [key, ...otherKeys] = properties.SourceObjectKeys as string[];
  const folder = stack.assets.get(key ?? '');
  if (folder === undefined || otherKeys.length > 0)
    throw new TemplateError(`${logicalId}: its source is not a single file asset of this assembly`);
  if (properties.Prune !== false) throw new TemplateError(`${logicalId}: the local host deletes no uploaded files`);
  const { Exclude = [], Include = [], SystemMetadata } = properties;
  const cacheControl: string | undefined = SystemMetadata?.['cache-control'];
  return filesUnder(folder)
    .filter((file) => isUploaded(file, Exclude, Include))
    .map((file) => [file, { file: join(folder, file), cacheControl }]);
}

/**
 * Filters like `aws s3 sync`: all files, without the excluded ones, plus those included nevertheless. `*` also matches
 * slashes.
 */
const isUploaded = (file: string, exclude: readonly string[], include: readonly string[]): boolean =>
  include.some((pattern) => matchesWildcard(pattern, file)) ||
  !exclude.some((pattern) => matchesWildcard(pattern, file));

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'));
