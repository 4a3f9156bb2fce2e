import type { Context } from 'aws-lambda';
import { environment } from '#contract/environment.ts';
import { forwardingHandler } from '#lambda/forwarding/forwarding-handler.ts';
import { streamedResult } from '#lambda/forwarding/streamed-result.ts';
import type { StreamEnd, UpstreamBody } from '#lambda/forwarding/upstream-body.ts';
import type { RouteHandler } from '#lambda/platform/chain.ts';
import { answer, refuse } from '#lambda/platform/responses.ts';
import { awslambda, ResponseStream, type StreamingHandler } from '#local/functions/response-stream.ts';

Object.assign(globalThis, { awslambda });

const event = { body: null, multiValueHeaders: {}, requestContext: { requestId: 'request-1' } };
let written: string[];
beforeEach(() => {
  process.env[environment.deployment] = 'widget-gate:000000000000:dev';
  written = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
});
afterEach(() => jest.restoreAllMocks());

/** What a handler streams, and whether it failed. */
async function run(handle: RouteHandler, leftMilliseconds = 10_000) {
  const handler = forwardingHandler(handle, { functionName: 'widget-endpoint', outcome: 'answered', streams: true });
  const chunks: Buffer[] = [];
  const stream = new ResponseStream({
    send: (chunk, taken) => {
      chunks.push(Buffer.from(chunk));
      taken();
    },
  });
  const context = { getRemainingTimeInMillis: () => leftMilliseconds } as Context;
  const failure = await (handler as unknown as StreamingHandler)(event, stream, context).then(
    () => undefined,
    (error: Error) => error.name,
  );
  const bytes = Buffer.concat(chunks);
  const end = bytes.indexOf(Buffer.alloc(8));
  return {
    failure,
    metadata: JSON.parse(bytes.subarray(0, end).toString()) as Record<string, unknown>,
    body: bytes.subarray(end + 8),
    ended: stream.writableEnded,
  };
}

const counted = (name: string): boolean => written.some((line) => line.includes(`"${name}":1`));

test('an answer of the gate is metadata, eight null bytes and its body', async () => {
  const { metadata, body, ended } = await run(async () => answer({ shopId: 'shop_one' }, 'request-1'));
  expect(metadata).toMatchObject({ statusCode: 200, headers: { 'Content-Type': 'application/json' } });
  expect([JSON.parse(String(body)), ended]).toEqual([{ shopId: 'shop_one' }, true]);
  expect(counted('answered')).toBe(true);
});

test('a refusal, too, and is counted under its code', async () => {
  const { metadata, body } = await run(async () => refuse('upstream_unavailable', 'request-1', undefined, 7));
  expect(metadata).toMatchObject({ statusCode: 503, headers: { 'Retry-After': '7' } });
  expect(JSON.parse(String(body))).toMatchObject({ code: 'upstream_unavailable' });
  expect(counted('upstream_unavailable')).toBe(true);
});

test('a failure becomes 503, and its message stays out of answer and log', async () => {
  const { metadata, body } = await run(async () => {
    throw new Error('secret');
  });
  expect([metadata.statusCode, JSON.parse(String(body)).code]).toEqual([503, 'service_unavailable']);
  expect(written.join('')).not.toContain('secret');
});

test("an answer without a body has its metadata: Lambda's runtime sends none without a write", async () => {
  const { metadata, body } = await run(async () => ({
    statusCode: 204,
    multiValueHeaders: { 'x-a': ['1', '2'] },
    body: '',
  }));
  expect([metadata, body.length]).toEqual([
    { statusCode: 204, headers: {}, multiValueHeaders: { 'x-a': ['1', '2'] } },
    0,
  ]);
});

test('an answer in Base64 is streamed as its bytes', async () => {
  const { body } = await run(async () => ({ statusCode: 200, body: '/wA=', isBase64Encoded: true }));
  expect([...body]).toEqual([0xff, 0]);
});

describe('a stream that', () => {
  const filed: string[] = [];
  const noted: string[] = [];
  const given: number[] = [];
  beforeEach(() => {
    for (const list of [filed, noted, given]) list.length = 0;
  });
  const streamThat = (end: StreamEnd, sign = true): RouteHandler => {
    const body = {
      passTo: async (out: NodeJS.WritableStream, milliseconds: number, onSign: () => void): Promise<StreamEnd> => {
        given.push(milliseconds);
        if (sign) onSign();
        out.write('begun');
        return end;
      },
    } as unknown as UpstreamBody;
    return async () =>
      streamedResult(
        200,
        { 'x-total': ['3'] },
        {
          body,
          requestId: 'request-1',
          noteEnd: (outcome) => noted.push(outcome),
          file: async (reason) => void filed.push(reason),
        },
      );
  };

  test.each<[StreamEnd, string | undefined, string[], string, boolean]>([
    ['whole', undefined, [], 'answered', true],
    ['left', undefined, [], 'answered', false],
    ['cut', 'ResponseCut', [], 'answered', false],
    ['aborted', 'ResponseCut', ['aborted'], 'upstream_failed', false],
    ['timeout', 'ResponseCut', ['timeout'], 'upstream_failed', false],
  ])('is %s: fails with %s, files %j, counts as %s', async (end, failure, reasons, counter, ended) => {
    const ran = await run(streamThat(end));
    expect([ran.failure, filed, ran.ended]).toEqual([failure, reasons, ended]);
    expect([ran.metadata.statusCode, String(ran.body)]).toEqual([200, 'begun']);
    expect(counted(counter)).toBe(true);
    expect(noted).toEqual(['returned']);
  });

  test('is silent from its head on counts as a time-out for the circuit', async () => {
    await run(streamThat('timeout', false));
    expect(noted).toEqual(['timed_out']);
  });

  test("uses up its time is in the log, and is not the upstream's fault", async () => {
    await run(streamThat('cut'));
    expect(written.some((line) => line.includes('"event":"stream_limit_reached"'))).toBe(true);
  });

  test('begins late ends all the same while the function can still say so', async () => {
    await run(streamThat('whole'), 10_000);
    expect(given).toEqual([7_000]);
  });
});
