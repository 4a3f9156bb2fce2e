import { Concurrency } from '#local/functions/concurrency.ts';
import type { InvocationResult, ResponseReader } from '#local/functions/environment-worker.ts';
import { type FunctionRuntime, THROTTLED } from '#local/functions/function-runtime.ts';
import type { FunctionResource } from '#local/model.ts';
import {
  fixtureApi,
  fixtureDeployment,
  fixtureFunction,
  fixtureRuntime,
  functionArn,
} from '#test/support/fixture-deployment.ts';

let runtime: FunctionRuntime;
afterEach(() => runtime.close());

const streaming = (body: string): string =>
  `const wait = (ms) => new Promise((r) => setTimeout(r, ms)); exports.handler = awslambda.streamifyResponse(async (event, out, context) => { ${body} });`;

function start(source: string, changes: Partial<FunctionResource> = {}): void {
  const functions = [fixtureFunction('stream', source, changes)];
  runtime = fixtureRuntime(
    fixtureDeployment(functions, fixtureApi({})),
    undefined,
    new Concurrency(functions, Number.POSITIVE_INFINITY),
  );
}

class Reader implements ResponseReader {
  readonly chunks: Buffer[] = [];
  readonly leaving = new AbortController();
  readonly unread = this.leaving.signal;
  /** What each chunk waits for. */
  gate: Promise<void> | undefined;

  take(chunk: Uint8Array): Promise<void> | undefined {
    this.chunks.push(Buffer.from(chunk));
    return this.gate;
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }
}

const invoke = (reader?: Reader, event: object = {}): Promise<InvocationResult> =>
  runtime.invoke(functionArn('stream'), JSON.stringify(event), reader);

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('a reader gets each chunk while the function goes on', async () => {
  start(streaming('out.write("one"); await wait(200); out.write("two"); out.end();'));
  const reader = new Reader();
  const ending = invoke(reader);
  await until(() => reader.text === 'one');
  expect(await ending).toEqual({ ok: true, payloadJson: '""' });
  expect(reader.text).toBe('onetwo');
});

test('without a reader the response is the payload, as when an operator invokes the function', async () => {
  start(streaming('out.write("one"); out.write("two"); out.end();'));
  expect(await invoke()).toEqual({ ok: true, payloadJson: '"onetwo"' });
});

test('the metadata of an HTTP response goes out with the first write, and never without one', async () => {
  start(
    streaming(
      'out = awslambda.HttpResponseStream.from(out, { statusCode: 204 }); if (event.writes) out.write(""); out.end();',
    ),
  );
  const [writing, other] = [new Reader(), new Reader()];
  await invoke(writing, { writes: true });
  expect(writing.text).toBe(`{"statusCode":204}${'\0'.repeat(8)}`);
  await invoke(other);
  expect(other.text).toBe('');
});

test('a function that writes faster than its reader takes is held back', async () => {
  start(
    streaming(
      `let writes = 0;
       while (writes < 1000 && out.write(Buffer.alloc(10_000))) writes += 1;
       process.stdout.write("held after " + writes + "\\n");
       await new Promise((r) => out.once("drain", r));
       out.end("x".repeat(5));`,
    ),
  );
  const reader = new Reader();
  let open: () => void = () => undefined;
  reader.gate = new Promise((resolve) => {
    open = resolve;
  });
  const ending = invoke(reader);
  await until(() => reader.chunks.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(reader.chunks).toHaveLength(1);
  open();
  expect((await ending).ok).toBe(true);
  expect(reader.text.length).toBeLessThan(100_000);
});

test('a reader that leaves ends the stream in the function, whose end follows', async () => {
  start(streaming('await new Promise((r) => { out.once("close", r); out.write("begun"); });'));
  const reader = new Reader();
  const ending = invoke(reader);
  await until(() => reader.text === 'begun');
  reader.leaving.abort();
  expect(await ending).toMatchObject({ ok: true });
});

test('a reader that has left before the function runs ends the stream, too', async () => {
  start(streaming('if (!out.destroyed) await new Promise((r) => out.once("close", r));'));
  const reader = new Reader();
  reader.leaving.abort();
  expect(await invoke(reader)).toMatchObject({ ok: true });
});

test.each<[string, string, object]>([
  ['throws', 'out.write("begun"); await wait(20); throw new TypeError("no");', { errorType: 'TypeError' }],
  ['never ends its response', 'out.write("begun");', { errorType: 'Sandbox.Timedout' }],
  ['takes too long', 'out.write("begun"); await wait(60_000);', { errorType: 'Sandbox.Timedout' }],
  ['exits', 'out.write("begun"); await wait(20); process.exit(1);', { errorType: 'Runtime.ExitError' }],
])('a function that %s after its first chunk has failed', async (_name, body, failure) => {
  start(streaming(body), { timeoutSeconds: 0.5 });
  const reader = new Reader();
  expect(await invoke(reader)).toMatchObject({ ok: false, ...failure });
  expect(reader.text).toBe('begun');
});

test('what a function wrote before it failed comes before its failure, however soon that follows', async () => {
  start(streaming('for (const piece of ["one", "two", "three"]) out.write(piece); throw new TypeError("no");'));
  for (let call = 0; call < 5; call += 1) {
    const reader = new Reader();
    expect(await invoke(reader)).toMatchObject({ ok: false, errorType: 'TypeError' });
    expect(reader.text).toBe('onetwothree');
  }
});

test('what one call streamed is not in the next', async () => {
  start(streaming('out.write(event.text); if (event.fails) throw new Error("no"); out.end();'));
  expect((await invoke(undefined, { text: 'first', fails: true })).ok).toBe(false);
  expect(await invoke(undefined, { text: 'second' })).toEqual({ ok: true, payloadJson: '"second"' });
});

test('a stream counts as an execution until its end', async () => {
  start(streaming('out.write("begun"); await new Promise((r) => out.once("close", r));'), { reservedConcurrency: 1 });
  const reader = new Reader();
  const ending = invoke(reader);
  await until(() => reader.text === 'begun');
  expect(await invoke(new Reader())).toBe(THROTTLED);
  reader.leaving.abort();
  await ending;
  const next = new Reader();
  const second = invoke(next);
  await until(() => next.text === 'begun');
  next.leaving.abort();
  expect(await second).toMatchObject({ ok: true });
});

test('streams that run leave other calls an environment', async () => {
  start(
    streaming('out.write("begun"); if (event.stays) await new Promise((r) => out.once("close", r)); else out.end();'),
    {
      timeoutSeconds: 60,
    },
  );
  const readers = Array.from({ length: 6 }, () => new Reader());
  const endings = readers.map((reader) => invoke(reader, { stays: true }));
  await until(() => readers.every(({ text }) => text === 'begun'));
  expect(await invoke(new Reader())).toMatchObject({ ok: true });
  for (const reader of readers) reader.leaving.abort();
  expect((await Promise.all(endings)).map(({ ok }) => ok)).toEqual(Array(6).fill(true));
});

test('a function without the decorator returns its answer, also to a reader', async () => {
  start('exports.handler = async () => ({ statusCode: 200 })');
  expect(await invoke(new Reader())).toEqual({ ok: true, payloadJson: '{"statusCode":200}' });
});
