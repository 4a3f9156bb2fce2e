import { PassThrough } from 'node:stream';
import type { InvocationResult, ResponseReader } from '../functions/environment-worker.ts';
import { type FunctionRuntime, THROTTLED } from '../functions/function-runtime.ts';
import type { Answer, ResponseType } from './gateway-responses.ts';
import { readStreamHead } from './lambda-answer.ts';

/** Between the metadata of a response and its bytes. */
const DELIMITER = Buffer.alloc(8);

/** A function that streamed ended before its response did: by an error, or by a time-out. */
class ResponseCut extends Error {
  override readonly name = 'ResponseCut';
}

/** One response of a function in the response transfer mode STREAM: its metadata is read whole, its bytes are passed on as they come. */
export class StreamedResponse {
  readonly #unread = new AbortController();
  readonly #body = new PassThrough();
  #metadata = Buffer.alloc(0);
  #hasHead = false;
  #settle: (answer: Answer | ResponseType) => void = () => undefined;
  #resume: () => void = () => undefined;

  constructor() {
    this.#body.on('drain', () => this.#resume());
    this.#body.once('close', () => {
      this.#resume();
      this.#unread.abort();
    });
    // It may come before anybody reads.
    this.#body.on('error', () => undefined);
  }

  /** Resolves with the head, and a body that goes on, or with the gateway's own response. The time-out is that of the whole response. */
  invoke(
    runtime: FunctionRuntime,
    functionArn: string,
    event: string,
    timeoutMilliseconds: number,
  ): Promise<Answer | ResponseType> {
    const reader: ResponseReader = { take: (chunk) => this.#take(chunk), unread: this.#unread.signal };
    const timer = setTimeout(() => this.#end('INTEGRATION_TIMEOUT'), timeoutMilliseconds);
    return new Promise((resolve, reject) => {
      this.#settle = resolve;
      runtime
        .invoke(functionArn, event, reader)
        .then((result) => this.#finish(result), reject)
        .finally(() => clearTimeout(timer));
    });
  }

  #take(chunk: Uint8Array): Promise<void> | undefined {
    return this.#hasHead ? this.#pass(chunk) : this.#readHead(chunk);
  }

  #readHead(chunk: Uint8Array): Promise<void> | undefined {
    this.#metadata = Buffer.concat([this.#metadata, chunk]);
    const end = this.#metadata.indexOf(DELIMITER);
    if (end < 0) return undefined;
    const head = readStreamHead(parse(this.#metadata.subarray(0, end)));
    if (head === undefined) {
      this.#end('DEFAULT_5XX');
      return undefined;
    }
    this.#hasHead = true;
    this.#settle({ ...head, body: this.#body });
    const first = this.#metadata.subarray(end + DELIMITER.length);
    return first.length === 0 ? undefined : this.#pass(first);
  }

  #pass(chunk: Uint8Array): Promise<void> | undefined {
    if (this.#body.destroyed || this.#body.write(chunk)) return undefined;
    return new Promise((resolve) => {
      this.#resume = resolve;
    });
  }

  #finish(result: InvocationResult): void {
    if (result === THROTTLED) this.#end('FUNCTION_THROTTLED');
    else if (result.ok && this.#hasHead) this.#body.end();
    else this.#end('DEFAULT_5XX');
  }

  /** Before the head a response of the gateway, after it a cut. */
  #end(type: ResponseType): void {
    this.#settle(type);
    this.#body.destroy(this.#hasHead ? new ResponseCut() : undefined);
  }
}

function parse(metadata: Buffer): unknown {
  try {
    return JSON.parse(metadata.toString());
  } catch {
    return undefined;
  }
}
