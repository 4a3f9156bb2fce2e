import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Absence } from '../faults.ts';
import { checkPolicies } from '../iam/check-policies.ts';
import { Users } from '../iam/users.ts';
import type { Deployment } from '../model.ts';
import { Authorizer } from './authorize.ts';
import { CallLog } from './call-log.ts';
import { openDataDirectory } from './data-directory.ts';
import { type DispatchOptions, dispatch, type Fault } from './dispatch.ts';
import { openDynamoDb } from './dynamodb.ts';
import { createIam } from './iam.ts';
import { createKms } from './kms.ts';
import { KmsKeys } from './kms-keys.ts';
import { createLambda, type Invoke } from './lambda.ts';
import { type Credentials, Principals } from './principals.ts';
import { rotateSecret } from './secret-rotation.ts';
import { SecretStore } from './secret-store.ts';
import { createSecretsManager } from './secrets-manager.ts';
import type { AwsService, WireAnswer } from './service.ts';
import { SignatureVerifier } from './sigv4.ts';
import { createSts } from './sts.ts';

export interface AwsOptions {
  readonly deployment: Deployment;
  /** Undefined: everything is kept in memory. The directory is locked until `close`. */
  readonly dataDirectory: string | undefined;
  /** Runs a function for Lambda's Invoke. */
  readonly invoke?: Invoke;
  /** Asked before each call whose signature is right. */
  readonly fault?: Fault;
  /** By how many milliseconds reads of tables without ConsistentRead are behind the writes. Default: 0. */
  readonly readLag?: () => number;
  /** The error for every version of a secret that is not there. Default: as AWS answers each. */
  readonly absence?: () => Absence | undefined;
  /** Whether STS answers XML whatever the caller accepts. Default: it does not. */
  readonly stsAnswersXml?: () => boolean;
  /** Milliseconds since 1970; default the system's clock. */
  readonly now?: () => number;
}

/** The AWS APIs that the functions of a deployment use, on one loopback address. */
export interface AwsStandIn {
  /** For AWS_ENDPOINT_URL. */
  readonly endpoint: string;
  readonly port: number;
  readonly users: Users;
  readonly calls: CallLog;
  /** Good until `close`. Throws when the deployment has no such role. */
  credentialsFor(roleArn: string): Credentials;
  /** Rotates a secret by its logical id's beginning, as Secrets Manager would when its time has come. Rejects with what a step threw. */
  rotateSecret(logicalIdPrefix: string): Promise<void>;
  /** Invokes the function that rotates a secret with an event of an operator's. */
  invokeRotation(logicalIdPrefix: string, event: object): Promise<void>;
  /** Lets calls in flight finish. */
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 16 * 1_024 * 1_024;
const KEEP_ALIVE_MILLISECONDS = 65_000;

/** Throws `DataDirectoryInUseError` or `DataDirectoryError` for the data directory, and on whatever of the deployment it does not implement. */
export async function startAws(options: AwsOptions): Promise<AwsStandIn> {
  if (process.env.AWS_LAMBDA_FUNCTION_NAME !== undefined)
    throw new Error('the local AWS stand-in refuses to start inside a Lambda function');
  refuseUnknownPolicies(options.deployment);
  const directory = options.dataDirectory === undefined ? undefined : openDataDirectory(options.dataDirectory);
  try {
    const parts = await openServices(options);
    const server = createServer((request, response) => {
      response.once('close', () => {
        if (!response.writableFinished) parts.calls.abandoned += 1;
      });
      void answer(parts.dispatching, request, response);
    });
    server.keepAliveTimeout = KEEP_ALIVE_MILLISECONDS;
    await listen(server);
    const { port } = server.address() as AddressInfo;
    return {
      endpoint: `http://127.0.0.1:${port}`,
      port,
      users: parts.users,
      calls: parts.calls,
      credentialsFor: (roleArn) => parts.principals.credentialsFor(roleArn),
      rotateSecret: (prefix) => parts.rotate(prefix),
      invokeRotation: (prefix, event) => parts.invokeRotation(prefix, event),
      async close() {
        await closeServer(server);
        await parts.close();
        directory?.release();
      },
    };
  } catch (error) {
    directory?.release();
    throw error;
  }
}

function refuseUnknownPolicies({ roles, secrets, kmsKeys }: Deployment): void {
  checkPolicies(roles.flatMap(({ policies }) => policies));
  checkPolicies(secrets.flatMap(({ resourcePolicy }) => resourcePolicy ?? []));
  checkPolicies(kmsKeys.map(({ keyPolicy }) => keyPolicy));
}

async function openServices(options: AwsOptions) {
  const { deployment, dataDirectory, invoke, fault, now = Date.now } = options;
  const file = (name: string) => (dataDirectory === undefined ? undefined : join(dataDirectory, name));
  const { accountId, region } = deployment;
  const calls = new CallLog();
  const authorizer = new Authorizer(accountId, region, calls);
  const users = new Users(file('iam.json'), accountId);
  const principals = new Principals(deployment, users);
  const keys = new KmsKeys(file('kms.json'), deployment.kmsKeys, now);
  const store = new SecretStore(file('secrets.json'), keys, deployment.secrets, now);
  const dynamoDb = await openDynamoDb(deployment, file('dynamodb'), authorizer, keys, options.readLag, now);
  const services = new Map<string, AwsService>([
    ['dynamodb', dynamoDb],
    ['secretsmanager', createSecretsManager({ deployment, store, keys, authorizer, absence: options.absence })],
    ['kms', createKms(keys, authorizer, accountId)],
    ['sts', createSts(accountId, authorizer, options.stsAnswersXml)],
    ['iam', createIam(deployment, users, authorizer)],
    ['lambda', createLambda(deployment, authorizer, invoke)],
  ]);
  const verifier = new SignatureVerifier(principals, now);
  const dispatching: DispatchOptions = { services, verifier, region, fault };
  const rotated = (prefix: string) => {
    const secret = deployment.secrets.find(({ logicalId }) => logicalId.startsWith(prefix));
    if (secret === undefined || invoke === undefined) throw new Error(`there is no secret ${prefix} to rotate`);
    return { secret, invoke };
  };
  const rotate = async (prefix: string): Promise<void> => {
    const { secret, invoke: call } = rotated(prefix);
    await rotateSecret(secret, deployment, store, call);
  };
  const invokeRotation = async (prefix: string, event: object): Promise<void> => {
    const { secret, invoke: call } = rotated(prefix);
    await call(secret.rotationFunctionArn ?? '', event);
  };
  return { dispatching, users, principals, calls, rotate, invokeRotation, close: () => dynamoDb.close() };
}

async function answer(options: DispatchOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request).catch(() => undefined);
  if (request.destroyed && !request.complete) return;
  if (body === undefined) return write(response, { status: 413, headers: { Connection: 'close' }, body: '' });
  const { method = '', url = '', headersDistinct: headers } = request;
  write(response, await dispatch(options, { method, target: url, headers, body }));
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw new Error('the body is too large');
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

function write(response: ServerResponse, { status, headers, body }: WireAnswer): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

const listen = (server: Server): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });

/** Connections that wait for a next request would keep the server open: they are closed as soon as they are idle. */
function closeServer(server: Server): Promise<void> {
  const sweep = setInterval(() => server.closeIdleConnections(), 10);
  return new Promise((resolve) => {
    server.close(() => {
      clearInterval(sweep);
      resolve();
    });
  });
}
