import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { FaultSpecError, formatFaults, parseFaults } from '#local/faults.ts';
import type { Host } from '#local/host.ts';
import type { Users } from '#local/iam/users.ts';

export interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

const refuse = (status: number, code: string, message: string): ControlAnswer => ({
  status,
  body: { code, message },
});

type Request = Readonly<Record<string, unknown>>;

/** One action on the local IAM: what `aws iam` does on AWS. The only group is that of the administrators. */
function routeIam({ aws, groupName }: Host, request: Request | undefined): ControlAnswer {
  const perform = actions.get(String(request?.action));
  if (request === undefined || perform === undefined)
    return refuse(400, 'invalid_request', `The body must have an "action": ${[...actions.keys()].join(', ')}.`);
  try {
    return { status: 200, body: perform(aws.users, request, groupName) };
  } catch (error) {
    return refuse(409, 'iam_refused', `${(error as Error).message}.`);
  }
}

/** Each throws with a sentence for people. */
const actions = new Map<string, (users: Users, request: Request, group: string) => object>([
  ['list', (users, _request, group) => listUsers(users, group)],
  ['create-user', (users, request) => users.create(textOf(request, 'userName'))],
  [
    'delete-user',
    (users, request) => {
      users.remove(textOf(request, 'userName'));
      return {};
    },
  ],
  [
    'rename-user',
    (users, request) => {
      users.rename(textOf(request, 'userName'), textOf(request, 'newName'));
      return {};
    },
  ],
  ['create-key', (users, request) => users.createAccessKey(textOf(request, 'userName'))],
  ['delete-key', deleteKey],
  [
    'add-to-group',
    (users, request, group) => {
      users.addToGroup(textOf(request, 'userName'), group);
      return { group };
    },
  ],
  [
    'remove-from-group',
    (users, request, group) => {
      users.removeFromGroup(textOf(request, 'userName'), group);
      return { group };
    },
  ],
]);

function listUsers(users: Users, group: string): object {
  const members = new Set(users.membersOf(group).map(({ userId }) => userId));
  return { group, users: users.list().map((user) => ({ ...user, isAdministrator: members.has(user.userId) })) };
}

function deleteKey(users: Users, request: Request): object {
  const accessKeyId = textOf(request, 'accessKeyId');
  if (users.findByAccessKey(accessKeyId) === undefined) throw new Error('the access key does not exist');
  users.removeAccessKey(accessKeyId);
  return {};
}

function textOf(request: Request, name: string): string {
  const value = request[name];
  if (typeof value === 'string') return value;
  throw new Error(`the body has no text "${name}"`);
}

/** Answers a request that proved to be the operator's; `route` is its method and path. */
async function routeControl(host: Host, route: string, bodyText: string): Promise<ControlAnswer> {
  switch (route) {
    case 'GET /faults':
      return shownFaults(host);
    case 'PUT /faults':
      return setFaults(host, parseObject(bodyText));
    case 'POST /iam':
      return routeIam(host, parseObject(bodyText));
    case 'POST /ring/rotate':
      return answerOf(() => host.aws.rotateSecret('Ring').then(() => ({})));
    case 'POST /ring/drop-old':
      return answerOf(() => host.aws.invokeRotation('Ring', { Step: 'dropOldKeys' }).then(() => ({})));
    case 'POST /signing-keys/rotate':
      return answerOf(() => host.aws.rotateSecret('SigningKeys').then(() => ({})));
    case 'POST /signing-keys/drop-old':
      return answerOf(() => host.aws.invokeRotation('SigningKeys', { Step: 'dropOldKeys' }).then(() => ({})));
    default:
      return refuse(404, 'not_found', 'This route does not exist.');
  }
}

const shownFaults = (host: Host): ControlAnswer => ({ status: 200, body: { faults: formatFaults(host.faults()) } });

function setFaults(host: Host, body: object | undefined): ControlAnswer {
  if (body === undefined || !('faults' in body) || typeof body.faults !== 'string' || Object.keys(body).length > 1)
    return refuse(400, 'invalid_request', 'The body must be {"faults":"<spec>"}.');
  try {
    host.setFaults(parseFaults(body.faults));
  } catch (error) {
    if (error instanceof FaultSpecError) return refuse(400, 'invalid_faults', error.message);
    throw error;
  }
  return shownFaults(host);
}

async function answerOf(invoke: () => Promise<unknown>): Promise<ControlAnswer> {
  try {
    return { status: 200, body: await invoke() };
  } catch (error) {
    return refuse(502, 'invocation_failed', error instanceof Error ? error.message : 'the function failed');
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** The operator's access to a running local host. */
export interface Control {
  readonly address: string;
  /** Stops accepting requests, waits up to ten seconds for calls in progress, then stops. */
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 64 * 1_024;
const CLOSE_MILLISECONDS = 10_000;

/**
 * Opens the control endpoint on 127.0.0.1 and writes how to reach it to `<dataDirectory>/control.json`, for its owner only: anyone who reads
 * that file administers the gate. Throws inside Lambda, where it would be a back door.
 */
export async function startControl(host: Host, dataDirectory: string, stage: string): Promise<Control> {
  if (process.env.AWS_LAMBDA_FUNCTION_NAME !== undefined)
    throw new Error('the control endpoint does not run inside Lambda');
  const secret = randomBytes(32).toString('base64url');
  const server = createServer((request, response) => void serve(host, secret, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const file = join(dataDirectory, 'control.json');
  rmSync(`${file}.new`, { force: true });
  writeFileSync(`${file}.new`, JSON.stringify({ address, secret, baseUrl: host.baseUrl, stage }), {
    mode: 0o600,
    flag: 'wx',
  });
  renameSync(`${file}.new`, file);
  return { address, close: () => close(server, file) };
}

function close(server: Server, file: string): Promise<void> {
  rmSync(file, { force: true });
  const cutOff = setTimeout(() => server.closeAllConnections(), CLOSE_MILLISECONDS);
  return new Promise((resolve) => {
    server.close(() => {
      clearTimeout(cutOff);
      resolve();
    });
  });
}

async function serve(host: Host, secret: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, body } =
    refuseStranger(request, secret) ?? (await answer(host, request).catch(() => refuse(500, 'failed', 'It failed.')));
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  response.writeHead(status, { ...headers, ...(!request.complete && { Connection: 'close' }) });
  response.end(JSON.stringify(body));
}

/** A page that rebinds its name to 127.0.0.1 sends its own Host header; any other page sends its Origin. Neither knows the secret. */
function refuseStranger({ headersDistinct, socket }: IncomingMessage, secret: string): ControlAnswer | undefined {
  const { host, origin, authorization } = headersDistinct;
  if (!isOnly(host, `127.0.0.1:${socket.localPort}`))
    return refuse(403, 'foreign_host', 'The Host header is not this address.');
  if (origin !== undefined) return refuse(403, 'foreign_origin', 'Web pages are not served.');
  if (!isOnly(authorization, `Bearer ${secret}`))
    return refuse(401, 'unauthorized', 'The bearer secret of control.json is missing or not this one.');
  return undefined;
}

/** Compared in constant time, and only where the header came once. */
const isOnly = (values: readonly string[] | undefined, expected: string): boolean =>
  values?.length === 1 &&
  timingSafeEqual(hash('sha256', values[0] as string, 'buffer'), hash('sha256', expected, 'buffer'));

async function answer(host: Host, request: IncomingMessage): Promise<ControlAnswer> {
  const text = await readBody(request);
  if (text === undefined) return refuse(413, 'request_too_large', `The body is larger than ${MAX_BODY_BYTES} bytes.`);
  return routeControl(host, `${request.method} ${request.url}`, text);
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Left without being read to its end: the connection must not be destroyed before it is answered.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
