import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { STSClient } from '@aws-sdk/client-sts';
import { type AwsOptions, type AwsStandIn, startAws } from '#local/aws/server.ts';
import { REGION, roleArn, testDeployment } from './deployment.ts';

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const closers: (() => unknown)[] = [];

/** Closes whatever a test has started, newest first. */
export async function closeAll(): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}

export async function startTestAws(options: Partial<AwsOptions> = {}): Promise<AwsStandIn> {
  const aws = await startAws({ deployment: testDeployment(), dataDirectory: undefined, ...options });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= aws.close();
    return closed;
  };
  closers.push(close);
  return { ...aws, close };
}

/** Stock SDK clients, as a function has them. */
export function clientsOf(aws: AwsStandIn, credentials: Credentials = aws.credentialsFor(roleArn('Owner'))) {
  const config = { region: REGION, endpoint: aws.endpoint, credentials, maxAttempts: 1 };
  const clients = {
    dynamodb: new DynamoDBClient(config),
    secrets: new SecretsManagerClient(config),
    kms: new KMSClient(config),
    sts: new STSClient(config),
    iam: new IAMClient(config),
  };
  closers.push(() => {
    for (const client of Object.values(clients)) client.destroy();
  });
  return clients;
}

export const clientsAs = (aws: AwsStandIn, roleName: string) => clientsOf(aws, aws.credentialsFor(roleArn(roleName)));

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'widget-gate-aws-'));
  closers.push(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, 'data');
}
