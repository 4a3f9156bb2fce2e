import type { Deployment, PolicyStatement } from '#local/model.ts';
import { reasons } from './reasons.ts';

/** One action on one resource, in words. */
export interface Right {
  readonly action: string;
  readonly resource: string;
  /** When it holds; empty: always. */
  readonly condition: string;
  readonly why: string;
}

const SERVICES: Readonly<Record<string, string>> = { dynamodb: 'DynamoDB', secretsmanager: 'Secrets Manager' };

/** Logical names without the hash that CDK appends. */
export const nameOf = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/, '');

/** All that a statement grants. Throws on what it has no words or no reason for. */
export function rightsOf(statement: PolicyStatement, deployment: Deployment): Right[] {
  const { sentence, short } = conditionOf(statement.Condition);
  return [statement.Action ?? []].flat().flatMap((action) =>
    [statement.Resource ?? []].flat().map((arn) => {
      const resource = resourceName(arn, deployment);
      const key = `${action} on ${resource}${short}`;
      const why = reasons[key];
      if (why === undefined) throw new Error(`bin/permissions/reasons.ts gives no reason for ${key}`);
      return { action, resource, condition: sentence, why };
    }),
  );
}

/** `ShopsTable`, `AuditTable/index/byDay`, `its own log` */
function resourceName(arn: string, deployment: Deployment): string {
  const { tables, secrets, kmsKeys, groups } = deployment;
  if (/^arn:aws:logs:[^:]+:\d+:log-group:[\w-]+:\*$/.test(arn)) return 'its own log';
  for (const resource of [...tables, ...secrets, ...kmsKeys, ...groups]) {
    if (arn === resource.arn || arn.startsWith(`${resource.arn}/index/`))
      return nameOf(resource.logicalId) + arn.slice(resource.arn.length);
  }
  return webResourceName(arn, deployment);
}

/** `FilesBucket/*`, `WebDistribution` */
function webResourceName(arn: string, { distribution }: Deployment): string {
  if (/^arn:aws:s3:::cdk-\w+-assets-[\w-]+\/[0-9a-f]{64}\.zip$/.test(arn)) return "the archive of this release's files";
  const buckets =
    distribution?.behaviors.flatMap(({ origin }) => (origin.kind === 'files' ? [origin.bucket] : [])) ?? [];
  for (const bucket of buckets)
    if (arn === bucket.arn || arn === `${bucket.arn}/*`) return nameOf(bucket.logicalId) + arn.slice(bucket.arn.length);
  if (distribution !== undefined && arn.endsWith(`:distribution/${distribution.distributionId}`))
    return nameOf(distribution.logicalId);
  throw new Error(`no resource of the template has the ARN ${arn}`);
}

/** A condition as a sentence of the document, and as it is in the table of reasons. */
function conditionOf(condition: PolicyStatement['Condition']): { sentence: string; short: string } {
  if (condition === undefined) return { sentence: '', short: '' };
  const {
    'ForAllValues:StringLike': like,
    'ForAllValues:StringNotLike': notLike,
    StringEquals,
    Null,
    ...rest
  } = condition;
  const [service] = String(StringEquals?.['kms:ViaService'] ?? '').split('.') as [string];
  const keys = [like?.['dynamodb:LeadingKeys'] ?? []].flat().join();
  if (Object.keys(rest).length > 0) throw new Error(`no words for the condition ${JSON.stringify(condition)}`);
  if (SERVICES[service] !== undefined)
    return { sentence: `by way of ${SERVICES[service]}`, short: ` by way of ${SERVICES[service]}` };
  if (Null?.['dynamodb:LeadingKeys'] !== 'false')
    throw new Error(`a condition on keys lets calls without a key through: ${JSON.stringify(condition)}`);
  if (notLike !== undefined) return { sentence: 'every key that it names has no `/`', short: ' of no kind' };
  const kind = keys.replace(/\*$/, '');
  const comparison = keys.endsWith('*') ? 'begins with' : 'is';
  return { sentence: `every key that it names ${comparison} \`${kind}\``, short: ` of ${kind}` };
}
