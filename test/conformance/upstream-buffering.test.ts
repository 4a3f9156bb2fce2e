import type { ServerResponse } from 'node:http';
import { environment } from '#contract/environment.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import {
  openStream,
  readToEnd,
  type StreamingUpstream,
  startStreamingUpstream,
} from '../support/streaming-upstream.ts';

let gate: RunningGate;
let upstream: StreamingUpstream;
beforeAll(async () => {
  upstream = await startStreamingUpstream();
  gate = await startGate({
    environment: { [environment.upstreamUrl]: upstream.url, [environment.upstreamTimeoutSeconds]: '2' },
  });
});
afterAll(async () => {
  await gate.close();
  await upstream.close();
});

const open = (path: string) => openStream(gate, `/api/widget/${path}`, { 'X-Widget-Token': gate.signToken() });

test('without upstreamStreaming, events arrive all at once: nothing comes before the upstream has ended', async () => {
  const responding = new Promise<ServerResponse>((resolve) =>
    upstream.respondWith((_request, response) => resolve(response)),
  );
  let hasHead = false;
  const opening = open('events').then((message) => {
    hasHead = true;
    return message;
  });
  const response = await responding;
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  for (const event of ['one', 'two', 'three', 'four'])
    await new Promise((resolve) => response.write(`data: ${event}\n\n`, resolve));
  expect(hasHead).toBe(false);
  response.end();
  const message = await opening;
  expect(message.headers).toHaveProperty('content-length');
  const text = ['one', 'two', 'three', 'four'].map((event) => `data: ${event}\n\n`).join('');
  expect(await readToEnd(message)).toEqual({ text, whole: true });
});

test('without upstreamStreaming, a stream that does not end is a 502, and ends at the upstream', async () => {
  let closed = false;
  upstream.respondWith((_request, response) => {
    const timer = setInterval(() => response.write('tick\n'), 20);
    response.once('close', () => {
      closed = true;
      clearInterval(timer);
    });
  });
  expect((await open('endless')).statusCode).toBe(502);
  expect(closed).toBe(true);
});
