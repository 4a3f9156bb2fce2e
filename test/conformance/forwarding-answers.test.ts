import { type AddressInfo, createServer as createNetServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { cookies } from '#contract/cookies.ts';
import { environment } from '#contract/environment.ts';
import type { UpstreamFailure } from '#contract/forwarding.ts';
import { limits } from '#contract/limits.ts';
import { CertificateAuthority } from '../support/certificates.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import type { HttpAnswer, HttpCall } from '../support/http.ts';
import { addServiceKey, bearer, type Header, Portal } from '../support/portal.ts';
import { type RealServer, startNginx } from '../support/real-servers.ts';
import { startUpstream, type Upstream } from '../support/upstream.ts';
import { eventually } from '../support/widget-page.ts';

type Tree = 'widget' | 'analytics' | 'data-router';

/** A gate before three upstreams, and what its functions logged. */
interface Before {
  readonly gate: RunningGate;
  ask(tree: Tree, path?: string, call?: Partial<HttpCall>): Promise<HttpAnswer>;
  takeLog(): string;
}

async function gateBefore(upstreams: Readonly<Record<Tree, string>>): Promise<Before> {
  let logged = '';
  const gate = await startGate({
    environment: {
      [environment.upstreamUrl]: upstreams.widget,
      [environment.analyticsUpstreamUrl]: upstreams.analytics,
      [environment.dataRouterUpstreamUrl]: upstreams['data-router'],
    },
    log: (text) => {
      logged += text;
    },
  });
  const portal = await Portal.open(gate);
  const key = await addServiceKey(gate, { purpose: 'data-router' });
  const credentials: Readonly<Record<Tree, readonly Header[]>> = {
    widget: [['X-Widget-Token', gate.signToken()]],
    analytics: bearer(await portal.securityToken()),
    'data-router': [['X-API-Key', key.apiKey]],
  };
  return {
    gate,
    ask: (tree, path = 'x', { headers = [], ...more } = {}) =>
      gate.call({ path: `/api/${tree}/${path}`, headers: [...credentials[tree], ...headers], ...more }),
    takeLog() {
      const taken = logged;
      logged = '';
      return taken;
    },
  };
}

describe('behind an upstream at /base', () => {
  let upstream: Upstream;
  let nginx: RealServer;
  let before: Before;
  beforeAll(async () => {
    [upstream, nginx] = await Promise.all([
      startUpstream(),
      startNginx(`
        location /base/p/ { return 200 'in p'; }
        location = /base/p { return 301 $scheme://$http_host/base/p/; }
        location /base/relative { return 302 /base/p/; }
        location /base/port { absolute_redirect on; return 302 /base/p/?a=1; }
        location /outside { return 200 'outside of the base'; }
        location /base/outside { absolute_redirect off; return 302 /outside; }`),
    ]);
    const url = `${upstream.url}/base`;
    before = await gateBefore({ widget: url, analytics: `${nginx.url}/base`, 'data-router': url });
  });
  afterAll(async () => {
    await Promise.all([before?.gate.close(), upstream?.close(), nginx?.close()]);
  });
  beforeEach(() => {
    upstream.answerWith({});
    upstream.takeCalls();
    before.takeLog();
  });

  test.each<[string, number, string]>([
    ['p', 301, '/api/analytics/p/'],
    ['relative', 302, '/api/analytics/p/'],
    ['port', 302, '/api/analytics/p/?a=1'],
  ])(
    "a redirect of nginx at %s leads to the gate's own path, where it can be followed",
    async (path, status, location) => {
      const answer = await before.ask('analytics', path);
      expect([answer.status, answer.headers.location]).toEqual([status, [location]]);
      expect(answer.text).not.toContain(nginx.url);
      const followed = await before.ask('analytics', location.replace('/api/analytics/', ''));
      expect([followed.status, followed.text]).toEqual([200, 'in p']);
    },
  );

  test('a redirect of nginx out of its base is not passed on', async () => {
    const answer = await before.ask('analytics', 'outside');
    expect([answer.status, answer.json.code, answer.headers.location]).toEqual([502, 'upstream_failed', undefined]);
    await logs(before, { reason: 'malformed' });
  });

  test("a caller by the stage's own address stays there", async () => {
    const { gate } = before;
    upstream.answerWith({ status: 302, headers: { Location: `${upstream.url}/base/y?z#f` }, body: '' });
    const headers: Header[] = [['X-Widget-Token', gate.signToken()]];
    const answer = await gate.call({ path: '/dev/api/widget/x', headers });
    expect([answer.status, answer.headers.location]).toEqual([302, ['/dev/api/widget/y?z#f']]);
  });

  test.each<[string, string]>([
    ['y', '/api/widget/y'],
    ['./y/../z', '/api/widget/z'],
    ['?q=1', '/api/widget/x?q=1'],
  ])('Location: %s passes as %s', async (sent, passed) => {
    for (const status of [301, 302, 303, 307, 308, 201]) {
      upstream.answerWith({ status, headers: { Location: sent }, body: '' });
      const answer = await before.ask('widget');
      expect([status, answer.status, answer.headers.location]).toEqual([status, status, [passed]]);
    }
    for (const { rawHeaders } of upstream.takeCalls()) expect(rawHeaders.join()).not.toMatch(/x-widget-token/i);
  });

  test.each<Tree>(['widget', 'data-router'])(
    'a redirect to another host would take the credential of the %s API along, and does not pass',
    async (tree) => {
      for (const location of ['https://elsewhere.example.com/a', '//elsewhere.example.com/a']) {
        for (const status of [301, 302, 303, 307, 308]) {
          upstream.answerWith({ status, headers: { Location: location }, body: '' });
          const answer = await before.ask(tree);
          expect([answer.status, answer.json.code, answer.headers.location]).toEqual([
            502,
            'upstream_failed',
            undefined,
          ]);
        }
        upstream.answerWith({ status: 201, headers: { Location: location }, body: '' });
        expect((await before.ask(tree)).headers.location?.[0]).toContain('//elsewhere.example.com/a');
      }
    },
  );

  test.each<[string, string]>([
    ['/base/p/y?z', '/api/widget/p/y?z'],
    ['/api/widget/p/y', '/api/widget/p/y'],
  ])('an upstream that believes X-Forwarded-Host redirects to its %s through the gate', async (path, passed) => {
    upstream.answerWith(({ headers }) => ({
      status: 302,
      headers: { Location: `${headers['x-forwarded-proto']}://${headers['x-forwarded-host']}${path}` },
    }));
    const answer = await before.ask('widget');
    expect([answer.status, answer.headers.location]).toEqual([302, [passed]]);
  });

  test('the response to a change passes, without an address that must not leave the gate', async () => {
    upstream.answerWith({ status: 201, headers: { Location: 'http://10.0.0.9/items/1' }, body: '{"id":1}' });
    const answer = await before.ask('widget', 'items', { method: 'POST' });
    expect([answer.status, answer.text, answer.headers.location]).toEqual([201, '{"id":1}', undefined]);
  });

  test.each([
    'http://127.0.0.1:1/base/x',
    'http://localhost/base/x',
    'http://backend/x',
    'http://backend.internal/x',
    'http://10.0.0.1/x',
    'http://[::1]/x',
    'https://user:secret@elsewhere.example.com/',
    'javascript:alert(1)',
    'file:///etc/passwd',
    '/elsewhere',
    '/based/x',
    '/base/../x',
    'http://',
  ])('Location: %s does not pass, and does not appear', async (sent) => {
    upstream.answerWith({ status: 302, headers: { Location: sent }, body: '' });
    const answer = await before.ask('widget');
    expect([answer.status, answer.json.code]).toEqual([502, 'upstream_failed']);
    expect(JSON.stringify(answer)).not.toContain(sent);
    await logs(before, { reason: 'malformed' });
  });

  const OURS = Object.values(cookies).flatMap((name) => [
    `${name}=X; Path=/; Secure`,
    `${name} =X; Path=/; Secure`,
    `${name}\t=X; Path=/; Secure`,
    ` ${name}=X`,
    `\t${name} = X`,
    `${name.toUpperCase()}=X`,
    `${name.toLowerCase()}=X; Path=/`,
    `=${name}=x`,
    ` = ${name}=x`,
    `${name}`,
    `=${name}`,
    `${name};`,
    `=`,
    `=x`,
  ]);
  test.each<Tree>(['widget', 'data-router'])(
    'no cookie of the gate is set by the upstream of the %s API',
    async (tree) => {
      const theirs = [
        'a=1; Path=/',
        'b=2',
        '__Host-theirs=3; Path=/; Secure',
        `x${cookies.session}=4`,
        `c=${cookies.session}=5`,
      ];
      for (const cookie of OURS) {
        upstream.answerWith({ headers: { 'Set-Cookie': [...theirs, cookie] } });
        expect([cookie, (await before.ask(tree)).headers['set-cookie']]).toEqual([cookie, theirs]);
      }
    },
  );

  test.each([
    ['Clear-Site-Data', '"*"'],
    ['Strict-Transport-Security', 'max-age=0'],
    ['Service-Worker-Allowed', '/'],
    ['X_Session_Token', 'evil'],
    ['X-Session-Token', 'evil'],
    ['X-Dev-Key-Warning', 'evil'],
    ['X-Request-Id', 'evil'],
    ['X-Gate-Assertion', 'evil'],
    ['X-Shop-Id', 'evil'],
    ['Access-Control-Allow-Origin', 'https://evil.example'],
    ['Access-Control-Allow-Methods', 'evil'],
    ['Access-Control-Max-Age', '600'],
    ['Alt-Svc', 'h3="evil.example:443"'],
    ['Report-To', '{"url":"https://evil.example"}'],
    ['NEL', '{"report_to":"evil"}'],
    ['Public-Key-Pins', 'evil'],
    ['Keep-Alive', 'timeout=77'],
    ['Upgrade', 'evil'],
    ['Proxy-Authenticate', 'evil'],
  ])('%s: %s of an upstream does not pass', async (name, value) => {
    upstream.answerWith({ headers: { [name]: value, 'X-Theirs': 'kept' } });
    for (const tree of ['widget', 'data-router'] as const) {
      const { status, headers } = await before.ask(tree, 'x', { headers: [['Origin', 'https://shop.example.com']] });
      expect([status, headers['x-theirs']]).toEqual([200, ['kept']]);
      expect(headers[name.toLowerCase()] ?? []).not.toContain(value);
      expect(headers['access-control-allow-origin']).toEqual(['https://shop.example.com']);
      expect(headers['x-content-type-options']).toEqual(['nosniff']);
    }
  });
});

/** The lines that say so; counters are lines, too. */
const failuresIn = (logged: string): Record<string, unknown>[] =>
  logged
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ event }) => event === 'upstream_failed');

/** The lines of a function reach a test by another way than its answer. */
async function logs(
  before: Pick<Before, 'takeLog'>,
  expected: { reason: UpstreamFailure; requestId?: unknown },
): Promise<void> {
  let logged = '';
  const lines = await eventually(
    async () => {
      logged += before.takeLog();
      return failuresIn(logged);
    },
    (found) => found.length > 0,
  );
  expect(lines).toEqual([expect.objectContaining(expected)]);
}

/** What a server without manners sends, by the path it is asked for. Each connection is closed after it. */
const RUDE: Readonly<Record<string, (socket: Socket) => void>> = {
  reset: (socket) => socket.resetAndDestroy(),
  closed: (socket) => socket.end(),
  garbage: (socket) => socket.end('\x00\x01 this is not HTTP\r\n\r\n'),
  tls: (socket) => socket.end('\x15\x03\x01\x00\x02\x02\x28'),
  'bad-length': (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n'),
  'bad-status': (socket) => socket.end('HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n'),
  truncated: (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this'),
  'truncated-chunks': (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'),
  'too-large': (socket) => {
    const bytes = limits.maxUpstreamBodyBytes + 100_000;
    socket.end(
      Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes}\r\n\r\n`), Buffer.alloc(bytes)]),
    );
  },
  'large-head': (socket) => socket.end(`HTTP/1.1 200 OK\r\nX-Theirs: ${'x'.repeat(100_000)}\r\n\r\n`),
  hangs: () => undefined,
  unasked: (socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
};

describe('a failure of an upstream has its reason in the log, and none in the answer:', () => {
  let rude: Server;
  let tlsServers: Server[];
  let authority: CertificateAuthority;
  let first: Before;
  let second: Before;
  let polite: Server;
  const port = (server: Server): number => (server.address() as AddressInfo).port;
  const listening = async (server: Server): Promise<Server> => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server;
  };
  const sockets = new Set<Socket>();
  const tracked = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };

  beforeAll(async () => {
    authority = new CertificateAuthority();
    const [other, expired, own] = [
      authority.issue('elsewhere.example.com'),
      authority.issue('127.0.0.1', -1),
      authority.issue('127.0.0.1'),
    ];
    rude = await listening(
      createNetServer((socket) =>
        tracked(socket).once('data', (chunk) => RUDE[/^\w+ \/(\S+)/.exec(chunk.toString())?.[1] ?? '']?.(socket)),
      ),
    );
    // Answers the first call of a connection and resets it at the second, as a server does that closes idle connections.
    polite = await listening(
      createNetServer((socket) => {
        let calls = 0;
        tracked(socket).on('data', () => {
          calls += 1;
          if (calls > 1) socket.resetAndDestroy();
          else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
        });
      }),
    );
    tlsServers = await Promise.all(
      [other, expired, own].map((certificate) => listening(createTlsServer(certificate, tracked))),
    );
    for (const server of tlsServers) server.on('tlsClientError', () => undefined);
    const [wrongName, outdated, untrusted] = tlsServers.map((server) => `https://127.0.0.1:${port(server)}`) as [
      string,
      string,
      string,
    ];
    const closed = await listening(createNetServer());
    const refusing = `http://127.0.0.1:${port(closed)}`;
    await new Promise((resolve) => closed.close(resolve));
    [first, second] = await Promise.all([
      gateBefore({
        widget: `http://127.0.0.1:${port(rude)}`,
        analytics: `http://127.0.0.1:${port(polite)}`,
        'data-router': refusing,
      }),
      gateBefore({ widget: wrongName, analytics: outdated, 'data-router': untrusted }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([first?.gate.close(), second?.gate.close()]);
    for (const socket of sockets) socket.destroy();
    for (const server of [rude, polite, ...(tlsServers ?? [])]) server?.close();
    authority?.dispose();
  });

  async function expectFailure(before: Before, tree: Tree, path: string, reason: UpstreamFailure, method = 'GET') {
    before.takeLog();
    const answer = await before.ask(tree, path, { method });
    expect([answer.status, answer.json]).toEqual([
      502,
      { code: 'upstream_failed', message: expect.any(String), requestId: expect.any(String) },
    ]);
    expect(JSON.stringify(answer.json)).not.toMatch(/127\.0\.0\.1|ECONN|HPE_|ERR_|certificate|timeout/i);
    await logs(before, { reason, requestId: answer.json.requestId });
  }

  test.each<[string, UpstreamFailure]>([
    ['reset', 'reset'],
    ['closed', 'reset'],
    ['garbage', 'malformed'],
    ['tls', 'malformed'],
    ['bad-length', 'malformed'],
    ['bad-status', 'malformed'],
    ['unasked', 'malformed'],
    ['truncated', 'aborted'],
    ['truncated-chunks', 'aborted'],
    ['too-large', 'too_large'],
    ['large-head', 'too_large'],
    ['hangs', 'timeout'],
  ])('%s is %s', async (path, reason) => {
    await expectFailure(first, 'widget', path, reason);
  });

  test('a port where nothing listens is refused', async () => {
    await expectFailure(first, 'data-router', 'x', 'refused');
  });

  test.each<[string, Tree]>([
    ['for another name', 'widget'],
    ['that has expired', 'analytics'],
    ['of an authority that nobody knows', 'data-router'],
  ])('a certificate %s is a certificate', async (_name, tree) => {
    await expectFailure(second, tree, 'x', 'certificate');
  });

  test.each(['GET', 'HEAD'])('a kept connection that was closed costs a %s nothing', async (method) => {
    for (let call = 0; call < 4; call += 1) {
      const answer = await first.ask('analytics', 'x', { method });
      expect([answer.status, answer.text]).toEqual([200, method === 'GET' ? 'ok' : '']);
    }
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('a %s on one is not made twice, and is reset', async (method) => {
    // After a GET there is a kept connection, in each environment of the function.
    expect((await first.ask('analytics', 'x')).status).toBe(200);
    await expectFailure(first, 'analytics', 'x', 'reset', method);
  });
});

test('a name that does not resolve is dns', async () => {
  const unknown = 'http://upstream.invalid';
  const { gate, ask, takeLog } = await gateBefore({ widget: unknown, analytics: unknown, 'data-router': unknown });
  const { status, json } = await ask('widget');
  expect([status, json.code]).toEqual([502, 'upstream_failed']);
  await logs({ takeLog }, { reason: 'dns' });
  await gate.close();
});
