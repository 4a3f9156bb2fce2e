import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
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

/** The answer to a request, or, as the first message, that INIT is done or failed. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'init_failed'; readonly message: string }
  | { readonly kind: 'result'; readonly payloadJson: string }
  | { readonly kind: 'error'; readonly errorType: string; readonly errorMessage: string };

/** Lambda's limit on an answer. */
const MAX_RESPONSE_BYTES = 6_291_556;

type Handler = (event: unknown, context: object) => unknown;

const { assetDirectory, handler: handlerName, functionArn, clockOffset } = workerData as WorkerStart;
const port = parentPort;
if (port === null) throw new Error('this file runs as a worker only');
const send = (message: WorkerMessage): void => port.postMessage(message);

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
  let result: unknown;
  try {
    result = await handler(JSON.parse(eventJson), context);
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { kind: 'error', errorType: name, errorMessage: message };
  }
  return serialize(result);
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
  const handler = loadHandler();
  port.on('message', (request: InvocationRequest) => void run(handler, request).then(send));
  send({ kind: 'ready' });
} catch (error) {
  send({ kind: 'init_failed', message: error instanceof Error ? error.message : String(error) });
}
