import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { awslambda, isStreaming, ResponseStream, type StreamingHandler } from './response-stream.ts';
import { type ClockOffset, shiftClock } from './shifted-clock.ts';

/** What the pool hands to a worker at its start. */
export interface WorkerStart {
  readonly assetDirectory: string;
  /** `index.handler` */
  readonly handler: string;
  readonly functionArn: string;
  readonly clockOffset: ClockOffset;
}

export interface InvocationRequest {
  readonly requestId: string;
  readonly eventJson: string;
  readonly timeoutMilliseconds: number;
}

/** What else a worker receives: that the last chunk was accepted, or that nobody reads the response any longer. */
export type StreamSignal = { readonly kind: 'taken' } | { readonly kind: 'unread' };

/** The answer to a request, a piece of one, or, as the first message, that INIT is done or failed. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'init_failed'; readonly message: string }
  | { readonly kind: 'chunk'; readonly chunk: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'streamed' }
  | { readonly kind: 'result'; readonly payloadJson: string }
  | { readonly kind: 'error'; readonly errorType: string; readonly errorMessage: string };

/** Lambda's limit on an answer. */
const MAX_RESPONSE_BYTES = 6_291_556;

type Handler = (event: unknown, context: object) => unknown;

// For Node, which has read it: a function gets its own variables and no others.
delete process.env.NODE_COMPILE_CACHE;

const { assetDirectory, handler: handlerName, functionArn, clockOffset } = workerData as WorkerStart;
const port = parentPort;
if (port === null) throw new Error('this file runs as a worker only');
const send = (message: WorkerMessage): void => port.postMessage(message);

/** The response that is being streamed, and what its sender waits for. */
let streaming: { readonly stream: ResponseStream; taken: () => void } | undefined;

function loadHandler(): Handler {
  const [file = '', exported = ''] = handlerName.split('.');
  const module = createRequire(join(assetDirectory, '/'))(`./${file}`) as Record<string, Handler>;
  const handler = module[exported];
  if (typeof handler !== 'function') throw new Error(`${handlerName} is undefined or not exported`);
  return handler;
}

async function run(handler: Handler, request: InvocationRequest): Promise<WorkerMessage> {
  const { requestId, eventJson, timeoutMilliseconds } = request;
  const endsAt = performance.now() + timeoutMilliseconds;
  const context = {
    awsRequestId: requestId,
    invokedFunctionArn: functionArn,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: '$LATEST',
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    getRemainingTimeInMillis: () => Math.max(0, endsAt - performance.now()),
  };
  try {
    const event: unknown = JSON.parse(eventJson);
    return isStreaming(handler) ? await stream(handler, event, context) : serialize(await handler(event, context));
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { kind: 'error', errorType: name, errorMessage: message };
  }
}

/** As Lambda's runtime does, waits for the end of the response too, and ignores what the handler returns. */
async function stream(handler: StreamingHandler, event: unknown, context: object): Promise<WorkerMessage> {
  const response = new ResponseStream({
    send: (chunk, taken) => {
      if (streaming !== undefined) streaming.taken = taken;
      port?.postMessage({ kind: 'chunk', chunk } satisfies WorkerMessage, [chunk.buffer]);
    },
  });
  streaming = { stream: response, taken: () => undefined };
  const closed = new Promise((resolve) => response.once('close', resolve));
  // A stream that nobody reads is destroyed: no error of the handler's.
  response.on('error', () => undefined);
  try {
    await handler(event, response, context);
    await closed;
  } catch (error) {
    // Lambda's runtime reports it within the stream, so after what was written.
    response.end();
    await closed;
    throw error;
  } finally {
    streaming = undefined;
  }
  return { kind: 'streamed' };
}

function onSignal({ kind }: StreamSignal): void {
  if (kind === 'taken') streaming?.taken();
  else streaming?.stream.destroy();
}

function serialize(result: unknown): WorkerMessage {
  try {
    const payloadJson = JSON.stringify(result) ?? 'null';
    if (Buffer.byteLength(payloadJson) <= MAX_RESPONSE_BYTES) return { kind: 'result', payloadJson };
    const errorMessage = `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`;
    return { kind: 'error', errorType: 'Function.ResponseSizeTooLarge', errorMessage };
  } catch (error) {
    return { kind: 'error', errorType: 'Runtime.MarshalError', errorMessage: `Unable to stringify: ${String(error)}` };
  }
}

try {
  shiftClock(clockOffset);
  Object.assign(globalThis, { awslambda });
  const handler = loadHandler();
  port.on('message', (message: InvocationRequest | StreamSignal) => {
    if ('kind' in message) onSignal(message);
    else void run(handler, message).then(send);
  });
  send({ kind: 'ready' });
} catch (error) {
  send({ kind: 'init_failed', message: error instanceof Error ? error.message : String(error) });
}
