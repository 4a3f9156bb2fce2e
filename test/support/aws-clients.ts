import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Host } from '#local/host.ts';
import type { Deployment } from '#local/model.ts';

export interface DeployedHost {
  readonly host: Host;
  readonly deployment: Deployment;
}

/** AWS clients that act as a deployed function does: with its role's rights and no others. */
export function clientsOf({ host, deployment }: DeployedHost, functionPrefix: string) {
  const target = deployment.functions.find(({ logicalId }) => logicalId.startsWith(functionPrefix));
  if (target === undefined) throw new Error(`there is no function ${functionPrefix}`);
  const config = {
    endpoint: host.aws.endpoint,
    region: deployment.region,
    credentials: host.aws.credentialsFor(target.roleArn),
    maxAttempts: 1,
  };
  return {
    dynamoDb: new DynamoDBClient(config),
    secretsManager: new SecretsManagerClient(config),
    environment: target.environment,
    assetDirectory: target.assetDirectory,
  };
}
