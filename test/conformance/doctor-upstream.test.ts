import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AwsUser } from '../support/admin.ts';
import { CertificateAuthority } from '../support/certificates.ts';
import { keyEnvironment } from '../support/cli-gate.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import { runMain } from '../support/run-main.ts';

/** What the upstream of the widget API writes on its connection for every call, and whether it ends it then. */
let behave: (socket: Socket) => void = () => undefined;
const directory = mkdtempSync(join(tmpdir(), 'widget-gate-doctor-'));
const authority = new CertificateAuthority();
let [plain, encrypted]: Server[] = [];
let gate: RunningGate;
let admin: AwsUser;
let keys: Record<string, string>;

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const listen = (server: Server): Promise<void> => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const close = (server: Server | undefined): Promise<void> =>
  new Promise((resolve) => {
    server?.closeAllConnections();
    server?.close(() => resolve());
  });

beforeAll(async () => {
  plain = createServer((request) => behave(request.socket));
  encrypted = createTlsServer(authority.issue('localhost'), (_request, response) => response.end('{}')) as Server;
  await Promise.all([plain, encrypted].map((server) => listen(server as Server)));
  gate = await startGate({
    environment: {
      WIDGET_GATE_UPSTREAM_URL: `http://127.0.0.1:${portOf(plain)}/base`,
      WIDGET_GATE_ANALYTICS_UPSTREAM_URL: `https://localhost:${portOf(encrypted)}`,
      WIDGET_GATE_DATA_ROUTER_UPSTREAM_URL: 'http://upstream.invalid',
    },
  });
  admin = gate.createUser('alice', true);
  const [analytics, dataRouter] = await Promise.all([
    gate.administer({ action: 'add-service-key', purpose: 'analytics', label: 'doctor' }),
    gate.administer({ action: 'add-service-key', purpose: 'data-router', label: 'doctor' }),
  ]);
  keys = {
    WIDGET_GATE_SHOP_API_KEY: gate.shop.apiKey,
    WIDGET_GATE_ANALYTICS_API_KEY: String((analytics as { apiKey?: unknown }).apiKey),
    WIDGET_GATE_DATA_ROUTER_API_KEY: String((dataRouter as { apiKey?: unknown }).apiKey),
  };
  expect(await cli(`login --user ${admin.userName}`)).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await gate.close();
  await Promise.all([close(plain), close(encrypted)]);
  authority.dispose();
  rmSync(directory, { recursive: true, force: true });
});

const cli = (command: string) =>
  runMain([...command.split(' '), '--url', gate.host.baseUrl], {
    env: {
      HOME: directory,
      WIDGET_GATE_SESSION_FILE: join(directory, 'sessions.json'),
      ...keyEnvironment(admin),
      ...keys,
    },
  });

interface Failed {
  readonly name: string;
  readonly reason?: string;
  readonly detail: string;
}

async function failedChecks(options: string): Promise<Failed[]> {
  const { code, stdout } = await cli(`doctor --upstream ${options} --json`);
  const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: (Failed & { readonly ok: boolean })[] };
  expect([code, ok]).toEqual(checks.every((check) => check.ok) ? [0, true] : [1, false]);
  return checks
    .filter((check) => !check.ok)
    .map(({ name, reason, detail }) => ({ name, detail, ...(reason !== undefined && { reason }) }));
}
const widget = (options = '') => failedChecks(`widget --shop ${gate.shop.shopId}${options}`);

const answer = (head: string, body = ''): string =>
  `HTTP/1.1 ${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`;
const JSON_200 = answer('200 OK\r\nContent-Type: application/json', '{"from":"upstream"}');

test('finds nothing wrong with an upstream that answers, for servers and for pages', async () => {
  behave = (socket) => socket.end(JSON_200);
  expect(await widget()).toEqual([]);
  expect(await widget(' --path items/1 --origin https://shop.example.com')).toEqual([]);
});

test.each<[string, (socket: Socket) => void]>([
  ['reset', (socket) => socket.resetAndDestroy()],
  ['malformed', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
  ['aborted', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{')],
  ['too_large', (socket) => socket.end(answer('200 OK', 'x'.repeat(5_600_000)))],
])('says that the upstream failed with %s, which the trail knows', async (reason, behavior) => {
  behave = behavior;
  expect(await widget()).toEqual([
    { name: 'upstream', reason, detail: expect.stringMatching(new RegExp(`^${reason}: The (up|resp)`)) },
  ]);
});

test.each(['http://backend.internal/', 'https://login.example.com/'])(
  'says which failures it may be, where the trail sampled the one of a redirect to %s away',
  async (location) => {
    behave = (socket) => socket.end(answer(`302 Found\r\nLocation: ${location}`));
    expect(await widget()).toEqual([
      { name: 'upstream', detail: expect.stringMatching(/it is one of .*malformed.*; of each/) },
    ]);
  },
);

test('says that a certificate is not trusted', async () => {
  expect(await failedChecks('analytics')).toEqual([
    {
      name: 'upstream',
      reason: 'certificate',
      detail: expect.stringMatching(/^certificate: The TLS certificate .*analyticsUpstreamUrl/),
    },
  ]);
});

test('says that a host name does not resolve', async () => {
  expect(await failedChecks('data-router')).toEqual([
    { name: 'upstream', reason: 'dns', detail: expect.stringMatching(/^dns: The host name .*dataRouterUpstreamUrl/) },
  ]);
});

test.each<[string, string, (socket: Socket) => void, RegExp]>([
  ['response time', '', (socket) => void setTimeout(() => socket.end(JSON_200), 3_300), /^slow: 3\.\d s/],
  ['status', ' --path x', (socket) => socket.end(answer('404 Not Found')), /^404: .*base path in upstreamUrl/],
  ['status', '', (socket) => socket.end(answer('401 Unauthorized')), /^401: /],
  ['response body', '', (socket) => socket.end(answer('200 OK\r\nContent-Type: text/html', '<h1>')), /^is not JSON/],
])('says what is wrong with the %s (%s)', async (name, options, behavior, detail) => {
  behave = behavior;
  expect(await widget(options)).toEqual([{ name, detail: expect.stringMatching(detail) }]);
});

test("says that pages are refused by the upstream's own check of origins", async () => {
  plain?.removeAllListeners('request');
  plain?.on('request', (request, response) =>
    response.writeHead(request.headers.origin === undefined ? 200 : 403).end(),
  );
  expect((await widget(' --origin https://shop.example.com')).map(({ name }) => name)).toEqual([
    'status',
    'calls from pages',
  ]);
});

test('says that nothing listens', async () => {
  await close(plain);
  expect(await widget()).toEqual([
    { name: 'upstream', reason: 'refused', detail: expect.stringMatching(/^refused: The upstream refused/) },
  ]);
});

test('says that the stage has no upstream', async () => {
  const without = await startGate();
  try {
    const env = {
      HOME: directory,
      WIDGET_GATE_SESSION_FILE: join(directory, 'none.json'),
      WIDGET_GATE_SHOP_API_KEY: without.shop.apiKey,
    };
    const command = `doctor --upstream widget --shop ${without.shop.shopId} --url ${without.host.baseUrl}`;
    const { stdout } = await runMain(command.split(' '), { env });
    expect(stdout).toMatch(
      /^failed +upstream +the stage has no upstream for \/api\/widget: set upstreamUrl in cdk\.json/m,
    );
  } finally {
    await without.close();
  }
});
