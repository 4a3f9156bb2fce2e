import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { AuditQuery } from '../ports.ts';

interface Filter {
  readonly expression: string | undefined;
  readonly names: Record<string, string>;
  readonly values: Record<string, AttributeValue>;
}

/** What DynamoDB leaves out after it found entries by their key. An actor is given by ARN or by user name. */
export function auditFilter({ actor, action, code, requestId }: AuditQuery): Filter {
  const byArn = actor?.startsWith('arn:') === true;
  const wanted = Object.entries({
    action,
    code,
    ...(actor !== undefined && { [byArn ? 'actor' : 'actorName']: actor }),
  }).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const conditions = wanted.map(([name]) => `#${name} = :${name}`);
  const names = Object.fromEntries(wanted.map(([name]) => [`#${name}`, name]));
  const values: Record<string, AttributeValue> = Object.fromEntries(
    wanted.map(([name, value]) => [`:${name}`, { S: value }]),
  );
  if (requestId !== undefined) {
    conditions.push('(#requestId = :requestId OR contains(#requestIds, :requestId))');
    Object.assign(names, { '#requestId': 'requestId', '#requestIds': 'requestIds' });
    values[':requestId'] = { S: requestId };
  }
  return { expression: conditions.length === 0 ? undefined : conditions.join(' AND '), names, values };
}
