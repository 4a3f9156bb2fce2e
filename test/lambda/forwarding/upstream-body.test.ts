import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { type BegunAnswer, UpstreamClient } from '#lambda/forwarding/upstream-client.ts';

let server: Server;
let respond: RequestListener;
beforeAll(async () => {
  server = createServer((request, response) => respond(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const LONG = 60_000;

async function begin(timeoutMilliseconds = LONG): Promise<BegunAnswer> {
  const client = new UpstreamClient(
    new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    timeoutMilliseconds,
  );
  const begun = await client.begin({ method: 'GET', target: '/x', headers: {}, body: undefined });
  if (!begun.ok) throw new Error(begun.reason);
  return begun.value;
}

/** A writable that keeps what it gets, and takes the next chunk when the test says so. */
class Page extends Writable {
  text = '';
  #next: (() => void) | undefined;
  readonly #isSlow: boolean;

  constructor(isSlow = false) {
    super({ highWaterMark: 1 });
    this.#isSlow = isSlow;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += String(chunk);
    if (this.#isSlow) this.#next = done;
    else done();
  }

  next(): void {
    this.#next?.();
  }
}

/** The response that the upstream is writing to the next call. */
const nextResponse = (): Promise<ServerResponse> =>
  new Promise((resolve) => {
    respond = (_request, response) => {
      response.writeHead(200).flushHeaders();
      resolve(response);
    };
  });

const closed = (response: ServerResponse): Promise<unknown> =>
  new Promise((resolve) => (response.destroyed ? resolve(true) : response.once('close', resolve)));

test('a body is written on whole, and its first byte is a sign, once', async () => {
  respond = (_request, response) => void response.write('one ', () => setImmediate(() => response.end('two')));
  const { body, status } = await begin();
  const page = new Page();
  let signs = 0;
  const end = await body.passTo(page, LONG, () => {
    signs += 1;
  });
  expect([status, end, page.text, signs, page.writableEnded]).toEqual([200, 'whole', 'one two', 1, false]);
});

test('the end of an empty body is a sign, too', async () => {
  respond = (_request, response) => response.end();
  let signs = 0;
  const end = await (await begin()).body.passTo(new Page(), LONG, () => {
    signs += 1;
  });
  expect([end, signs]).toEqual(['whole', 1]);
});

test('a body that breaks off is aborted', async () => {
  const responding = nextResponse();
  const { body } = await begin();
  const page = new Page();
  const ending = body.passTo(page, LONG, () => undefined);
  const response = await responding;
  response.write('half', () => response.destroy());
  expect([await ending, page.text]).toEqual(['aborted', 'half']);
});

test('a silence that is too long is a timeout, and ends the call at the upstream', async () => {
  const responding = nextResponse();
  const { body } = await begin(50);
  let signs = 0;
  const end = await body.passTo(new Page(), LONG, () => {
    signs += 1;
  });
  expect([end, signs]).toEqual(['timeout', 0]);
  await closed(await responding);
});

test("a page that is slow is not the upstream's fault: the time is paused while it does not accept more", async () => {
  const responding = nextResponse();
  const { body } = await begin(50);
  const page = new Page(true);
  const ending = body.passTo(page, LONG, () => undefined);
  const response = await responding;
  response.end('all');
  await new Promise((resolve) => setTimeout(resolve, 200));
  page.next();
  expect([await ending, page.text]).toEqual(['whole', 'all']);
});

test('a stream whose time is used up is cut, and ends at the upstream', async () => {
  const responding = nextResponse();
  const { body } = await begin();
  expect(await body.passTo(new Page(), 20, () => undefined)).toBe('cut');
  await closed(await responding);
});

test.each<[string, (page: Page) => void]>([
  ['closes', (page) => page.destroy()],
  ['fails', (page) => page.destroy(new Error('gone'))],
])('a page that %s is left, and its call ends at the upstream', async (_name, leave) => {
  const responding = nextResponse();
  const { body } = await begin();
  const page = new Page();
  const ending = body.passTo(page, LONG, () => undefined);
  const response = await responding;
  leave(page);
  expect(await ending).toBe('left');
  await closed(response);
});

test('a page that closes while it does not take more is left, too', async () => {
  const responding = nextResponse();
  const { body } = await begin();
  const page = new Page(true);
  const ending = body.passTo(page, LONG, () => page.destroy());
  (await responding).write('x');
  expect(await ending).toBe('left');
});

test('a page that has gone already gets nothing', async () => {
  const responding = nextResponse();
  const { body } = await begin();
  const page = new Page();
  page.destroy();
  expect(await body.passTo(page, LONG, () => undefined)).toBe('left');
  await closed(await responding);
});

test('a body that is not passed on ends the call at the upstream', async () => {
  const responding = nextResponse();
  const { body } = await begin();
  body.discard();
  await closed(await responding);
});

test('a head that does not come in time is a timeout; one with a status that HTTP does not have is malformed', async () => {
  respond = () => undefined;
  await expect(begin(50)).rejects.toThrow('timeout');
  respond = ({ socket }) => void socket.end('HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n');
  await expect(begin()).rejects.toThrow('malformed');
});
