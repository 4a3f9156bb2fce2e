import { createServer, get, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { environment } from '../../lambda/contract/environment.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import { loadStage } from '../support/load-stage.ts';

let gate: RunningGate;
let server: Server;
let respond: RequestListener;
beforeAll(async () => {
  server = createServer((request, response) => respond(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  gate = await startGate({
    deployment: loadStage({ upstreamStreaming: true }),
    environment: { [environment.upstreamUrl]: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    log: (text) => void process.stderr.write(text),
  });
});
afterAll(async () => {
  await gate.close();
  server.closeAllConnections();
  server.close();
});

const open = (path: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    get(`${gate.host.baseUrl}/api/widget/${path}`, { headers: { 'X-Widget-Token': gate.signToken() } }, resolve).on(
      'error',
      reject,
    );
  });

test('events arrive one by one', async () => {
  let next: (text: string) => void = () => undefined;
  respond = (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.flushHeaders();
    next = (text) => void response.write(text);
  };
  const answer = await open('events');
  expect(answer.statusCode).toBe(200);
  const chunks = answer[Symbol.asyncIterator]();
  for (const event of ['one', 'two', 'three', 'four']) {
    next(`data: ${event}\n\n`);
    expect(String((await chunks.next()).value)).toBe(`data: ${event}\n\n`);
  }
  answer.destroy();
});
