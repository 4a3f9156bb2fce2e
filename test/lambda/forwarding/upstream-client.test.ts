import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { limits } from '#contract/limits.ts';
import { failureOf, UpstreamClient } from '#lambda/forwarding/upstream-client.ts';
import { type Certificate, CertificateAuthority } from '#test/support/certificates.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const servers = new Set<{ close(): void }>();
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
  sockets.clear();
  servers.clear();
});

/** A server on the bare connection: what it does with each request that comes, counted over all connections. */
async function serve(answer: (socket: Socket, request: number, onConnection: number) => void): Promise<URL> {
  let requests = 0;
  const server: Server = createServer((socket) => {
    let onConnection = 0;
    sockets.add(socket);
    // What is written is then at the client, and does not wait for it to acknowledge what came before.
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('data', () => {
      requests += 1;
      onConnection += 1;
      answer(socket, requests, onConnection);
    });
  });
  servers.add(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

const call = (client: UpstreamClient, method = 'GET', body?: Buffer) =>
  client.call({ method, target: '/x', headers: {}, body });
const clientOf = (base: URL, timeoutMilliseconds = 20_000) => new UpstreamClient(base, timeoutMilliseconds);
const outcomeOf = async (base: URL, method = 'GET', timeoutMilliseconds?: number): Promise<string> => {
  const answered = await call(clientOf(base, timeoutMilliseconds), method);
  return answered.ok ? `${answered.value.status} ${answered.value.body}` : answered.reason;
};

test('an answer comes whole, with every value of its headers', async () => {
  const base = await serve((socket) => {
    socket.write('HTTP/1.1 201 Made\r\nX-A: 1\r\nx-a: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n');
    setImmediate(() => socket.write('3\r\nay!\r\n0\r\n\r\n'));
  });
  expect(await call(clientOf(base))).toEqual({
    ok: true,
    value: { status: 201, headers: expect.objectContaining({ 'x-a': ['1', '2'] }), body: Buffer.from('okay!') },
  });
});

describe('a kept connection that the upstream ends at its second use', () => {
  const reset = (socket: Socket, _request: number, onConnection: number): void => {
    if (onConnection === 1) socket.write(OK);
    else socket.resetAndDestroy();
  };

  test.each(['GET', 'HEAD'])('does not fail a %s: it is made once more', async (method) => {
    const client = clientOf(await serve(reset));
    const head = { ok: true, value: expect.objectContaining({ status: 200 }) };
    for (let use = 0; use < 4; use += 1) expect(await call(client, method)).toEqual(head);
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
    'fails a %s with reset: it may have been carried out',
    async (method) => {
      const client = clientOf(await serve(reset));
      expect((await call(client, method, Buffer.from('a'))).ok).toBe(true);
      expect(await call(client, method, Buffer.from('b'))).toEqual({ ok: false, reason: 'reset' });
    },
  );
});

describe('a caller never gets what an upstream sent beside its answer to another:', () => {
  const STRAY = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nothers';
  const head = (status: string, ...lines: string[]): string => `HTTP/1.1 ${[status, ...lines].join('\r\n')}\r\n\r\n`;
  const ANSWERS: [name: string, method: string, answer: string][] = [
    ['a body to HEAD, of a stated length', 'HEAD', head('200 OK', `Content-Length: ${STRAY.length}`)],
    ['a body to HEAD, in chunks', 'HEAD', head('200 OK', 'Transfer-Encoding: chunked')],
    ['a body to HEAD, of no length', 'HEAD', head('200 OK')],
    ['a body of 204', 'DELETE', head('204 No Content')],
    ['a body of 204, of a stated length', 'DELETE', head('204 No Content', `Content-Length: ${STRAY.length}`)],
    ['a body of 304', 'GET', head('304 Not Modified')],
    ['a body of 304, of a stated length', 'GET', head('304 Not Modified', `Content-Length: ${STRAY.length}`)],
    ['more than the stated length', 'GET', OK],
    ['more than the last chunk', 'GET', `${head('200 OK', 'Transfer-Encoding: chunked')}2\r\nok\r\n0\r\n\r\n`],
  ];

  /** An upstream that answers the first call so, and every other in order. */
  async function servedBy(answer: string, alsoSend: (socket: Socket) => void): Promise<UpstreamClient> {
    const base = await serve((socket, request) => {
      socket.write(request === 1 ? answer : OK);
      if (request === 1) alsoSend(socket);
    });
    return clientOf(base);
  }
  const whole = { ok: true, value: expect.objectContaining({ status: 200, body: Buffer.from('ok') }) };

  test.each(ANSWERS)('%s, at once', async (_name, method, answer) => {
    const client = await servedBy(answer, (socket) => socket.write(STRAY));
    expect((await call(client, method)).ok).toBe(true);
    for (let next = 0; next < 3; next += 1) expect(await call(client)).toEqual(whole);
  });

  test.each(ANSWERS)('%s, while the connection is idle', async (_name, method, answer) => {
    let upstream: Socket | undefined;
    const client = await servedBy(answer, (socket) => {
      upstream = socket;
    });
    expect((await call(client, method)).ok).toBe(true);
    await setTimeout(10);
    upstream?.write(STRAY);
    await setTimeout(10);
    for (let next = 0; next < 3; next += 1) expect(await call(client)).toEqual(whole);
  });

  test.each(ANSWERS)('%s, while the function was frozen', async (_name, method, answer) => {
    let upstream: Socket | undefined;
    const client = await servedBy(answer, (socket) => {
      upstream = socket;
    });
    expect((await call(client, method)).ok).toBe(true);
    await setTimeout(10);
    // Nothing is read between this and the call.
    upstream?.write(STRAY);
    for (let next = 0; next < 3; next += 1) expect(await call(client)).toEqual(whole);
  });

  test.each(ANSWERS.filter(([name]) => /, (of a stated length|in chunks)$/.test(name)))(
    '%s, after the next call went out',
    async (_name, method, answer) => {
      let isFirst = true;
      const base = await serve((socket) => {
        if (isFirst) {
          socket.write(answer);
          isFirst = false;
          return void globalThis.setTimeout(() => socket.write(STRAY), 30);
        }
        return void globalThis.setTimeout(() => socket.write(OK), 60);
      });
      const client = clientOf(base);
      expect((await call(client, method)).ok).toBe(true);
      for (let next = 0; next < 2; next += 1) expect(await call(client)).toEqual(whole);
    },
  );
});

test.each<[string, (socket: Socket) => void]>([
  ['closed', (socket) => socket.end()],
  ['reset', (socket) => socket.resetAndDestroy()],
])(
  'a kept connection that was %s while the function was frozen fails no call, not even a POST',
  async (_name, leave) => {
    let upstream: Socket | undefined;
    const base = await serve((socket) => {
      upstream = socket;
      socket.write(OK);
    });
    const client = clientOf(base);
    for (let use = 0; use < 4; use += 1) {
      expect(await call(client, 'POST', Buffer.from('a'))).toEqual({ ok: true, value: expect.anything() });
      await setTimeout(10);
      if (upstream !== undefined) leave(upstream);
    }
  },
);

test('a GET on a new connection that is reset is not repeated', async () => {
  let requests = 0;
  const base = await serve((socket) => {
    requests += 1;
    socket.resetAndDestroy();
  });
  expect([await outcomeOf(base), requests]).toEqual(['reset', 1]);
});

test('a GET whose answer has begun is not repeated', async () => {
  let requests = 0;
  const client = clientOf(
    await serve((socket, request) => {
      requests = request;
      if (request === 1) socket.write(OK);
      else socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf');
    }),
  );
  await call(client);
  expect([await call(client), requests]).toEqual([{ ok: false, reason: 'aborted' }, 2]);
});

test.each<[string, (socket: Socket) => void, string]>([
  ['closes without a byte', (socket) => socket.end(), 'reset'],
  ['resets', (socket) => socket.resetAndDestroy(), 'reset'],
  ['answers garbage', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'), 'malformed'],
  ['answers a bad status line', (socket) => socket.end('HTTP/1.1 abc OK\r\n\r\n'), 'malformed'],
  [
    'answers a status that HTTP does not have',
    (socket) => socket.end('HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n'),
    'malformed',
  ],
  [
    'answers two lengths',
    (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'),
    'malformed',
  ],
  [
    'switches protocols unasked',
    (socket) => socket.write('HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
    'malformed',
  ],
  ['breaks off in the middle', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'), 'aborted'],
  [
    'resets in the middle',
    (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf', () => socket.resetAndDestroy()),
    'aborted',
  ],
  [
    'breaks off a chunk',
    (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab'),
    'aborted',
  ],
  [
    'packs the body for the connection',
    (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n'),
    'malformed',
  ],
  [
    'sends a bad chunk',
    (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab'),
    'aborted',
  ],
  [
    'sends headers without end',
    (socket) => socket.end(`HTTP/1.1 200 OK\r\n${'X-A: bbbbbbbb\r\n'.repeat(4_000)}\r\n`),
    'too_large',
  ],
])('the reason of an upstream that %s', async (_name, answer, reason) => {
  expect(await outcomeOf(await serve(answer))).toBe(reason);
});

test('an answer of the largest size passes, and one byte more does not', async () => {
  for (const [bytes, outcome] of [
    [limits.maxUpstreamBodyBytes, 'whole'],
    [limits.maxUpstreamBodyBytes + 1, 'too_large'],
  ] as const) {
    const base = await serve((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes}\r\n\r\n`);
      socket.write(Buffer.alloc(bytes));
    });
    const answered = await call(clientOf(base));
    expect(answered.ok ? [answered.value.body.length, 'whole'] : [bytes, answered.reason]).toEqual([bytes, outcome]);
  }
});

test.each<[string, (socket: Socket) => void]>([
  ['never answers', () => undefined],
  ['never ends its headers', (socket) => void socket.write('HTTP/1.1 200 OK\r\nX-A: 1\r\n')],
  ['never ends its body', (socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf')],
  [
    'drips',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      const drip = setInterval(() => (socket.destroyed ? clearInterval(drip) : socket.write('1\r\na\r\n')), 5);
      drip.unref();
    },
  ],
])('an upstream that %s is a timeout', async (_name, answer) => {
  expect(await outcomeOf(await serve(answer), 'GET', 300)).toBe('timeout');
});

test.each([
  'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'EPROTO',
  'ECONNRESET',
  'EPIPE',
])('%s after the head of an answer is aborted: the certificate was accepted before', (code) => {
  expect(failureOf(Object.assign(new Error(code), { code }), true)).toBe('aborted');
});

test.each([
  [['ECONNREFUSED'], 'refused'],
  [['EHOSTDOWN'], 'refused'],
  [['ENETDOWN'], 'refused'],
  [['EAI_SYSTEM'], 'dns'],
  [['AKID_SKID_MISMATCH'], 'certificate'],
  [['CA_KEY_TOO_SMALL'], 'certificate'],
  [['EE_KEY_TOO_SMALL'], 'certificate'],
  [['PERMITTED_VIOLATION'], 'certificate'],
  [['NO_EXPLICIT_POLICY'], 'certificate'],
  [['ETIMEDOUT', 'ECONNREFUSED'], 'refused'],
  [['ECONNREFUSED', 'ETIMEDOUT'], 'refused'],
  [['ETIMEDOUT', 'ETIMEDOUT'], 'timeout'],
])('of the addresses of a name that fail with %j the reason is %s', (codes, reason) => {
  const errors = codes.map((code) => Object.assign(new Error(code), { code }));
  expect(failureOf(new AggregateError(errors), false)).toBe(reason);
  if (errors.length === 1) expect(failureOf(errors[0], false)).toBe(reason);
});

test('nobody listens: refused', async () => {
  expect(await outcomeOf(new URL('http://127.0.0.1:9'))).toBe('refused');
});

test('a name that nobody has: dns', async () => {
  expect(await outcomeOf(new URL('http://nobody.invalid'))).toBe('dns');
});

describe('an upstream with TLS', () => {
  let authority: CertificateAuthority;
  const trustedBefore = getCACertificates('default');
  beforeAll(() => {
    authority = new CertificateAuthority();
    setDefaultCACertificates([...trustedBefore, authority.cert]);
  });
  afterAll(() => {
    setDefaultCACertificates(trustedBefore);
    authority.dispose();
  });
  const serveTls = async (certificate: Certificate): Promise<URL> => {
    const server = createHttpsServer(certificate, (_request, response) => response.end('ok'));
    servers.add(server);
    server.on('connection', (socket: Socket) => sockets.add(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
  };

  test('answers under a certificate of an authority that is trusted', async () => {
    expect(await outcomeOf(await serveTls(authority.issue('127.0.0.1')))).toBe('200 ok');
  });

  test.each<[string, () => Certificate]>([
    ['has another name', () => authority.issue('other.example')],
    ['has expired', () => authority.issue('127.0.0.1', -1)],
    [
      'is of an authority that nobody trusts',
      () => {
        const stranger = new CertificateAuthority();
        const certificate = stranger.issue('127.0.0.1');
        stranger.dispose();
        return certificate;
      },
    ],
  ])('whose certificate %s is refused as certificate', async (_name, certificate) => {
    expect(await outcomeOf(await serveTls(certificate()))).toBe('certificate');
  });

  test('that speaks plain HTTP is certificate, too', async () => {
    const base = await serve((socket) => socket.end(OK));
    expect(await outcomeOf(new URL(base.href.replace('http:', 'https:')))).toBe('certificate');
  });
});
