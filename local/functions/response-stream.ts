import { Writable } from 'node:stream';

/** By which Lambda's runtime knows a handler that streams (aws-lambda-nodejs-runtime-interface-client). */
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

export type StreamingHandler = (event: unknown, stream: ResponseStream, context: object) => Promise<unknown>;

type MaybeStreaming = object & { [STREAMING]?: string };

/** Whether `awslambda.streamifyResponse` wrapped a handler. */
export const isStreaming = (handler: object): handler is StreamingHandler =>
  (handler as MaybeStreaming)[STREAMING] === 'response';

export interface ResponseStreamOptions {
  /** Hands a chunk on. It must call `taken` before it gets the next one. */
  readonly send: (chunk: Uint8Array<ArrayBuffer>, taken: () => void) => void;
}

/**
 * What a streaming handler writes its response to. As in Lambda's runtime, the metadata of an HTTP response goes out with the first `write`,
 * so a response that is ended without one has no metadata.
 */
export class ResponseStream extends Writable {
  /** Set by `HttpResponseStream.from`, under the name that Lambda's runtime has for it. */
  _onBeforeFirstWrite: ((write: (chunk: string | Uint8Array) => void) => void) | undefined;
  readonly #send: ResponseStreamOptions['send'];

  constructor({ send }: ResponseStreamOptions) {
    super();
    this.#send = send;
  }

  setContentType(_contentType: string): void {
    // The gateway takes the content type of the metadata.
  }

  override write(...given: unknown[]): boolean {
    const before = this._onBeforeFirstWrite;
    this._onBeforeFirstWrite = undefined;
    before?.((chunk) => super.write(chunk));
    return super.write(...(given as Parameters<Writable['write']>));
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    // Copied, because the sender of a message gives its memory away.
    this.#send(new Uint8Array(chunk), done);
  }
}

const DELIMITER = new Uint8Array(8);

/** The global of Lambda's Node.js runtimes. */
export const awslambda = {
  streamifyResponse: <Handler extends object>(handler: Handler): Handler => {
    (handler as MaybeStreaming)[STREAMING] = 'response';
    return handler;
  },
  HttpResponseStream: {
    from: (stream: ResponseStream, metadata: object): ResponseStream => {
      stream.setContentType('application/vnd.awslambda.http-integration-response');
      stream._onBeforeFirstWrite = (write) => {
        write(JSON.stringify(metadata));
        write(DELIMITER);
      };
      return stream;
    },
  },
};
