import type { IncomingMessage } from 'node:http';
import type { Writable } from 'node:stream';
import type { UpstreamFailure } from '#contract/forwarding.ts';

/**
 * How long an upstream may be silent: a timer that can be stopped and restarted. It is not an `AbortSignal.timeout`, which continues after
 * its call: each would be kept until its time is over.
 */
export class SilenceTimer {
  readonly #milliseconds: number;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;
  #end: () => void = () => undefined;

  /** Started at once. */
  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
    this.restart();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Calls `end`, and no earlier function, when the time is over; immediately if it already is. */
  whenOver(end: () => void): void {
    this.#end = end;
    if (this.#isOver) end();
  }

  restart(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#isOver = true;
      this.#end();
    }, this.#milliseconds);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/**
 * How a stream ended: complete; because nobody reads it any longer; because its time limit was reached; or because the upstream failed,
 * with the reason.
 */
export type StreamEnd = 'whole' | 'left' | 'cut' | UpstreamFailure;

/** The body of an upstream's response that has begun. It is read as fast as it is written, not faster. */
export class UpstreamBody {
  readonly #message: IncomingMessage;
  readonly #silence: SilenceTimer;

  /** `silence` ends `message` when the upstream is silent for too long. */
  constructor(message: IncomingMessage, silence: SilenceTimer) {
    this.#message = message;
    this.#silence = silence;
    // It may fail before it is read.
    message.on('error', () => undefined);
  }

  /** For a response that is not passed on. */
  discard(): void {
    this.#silence.stop();
    this.#message.destroy();
  }

  /** Writes the body for at most this long. `onSign` is called once, with the first byte or the end. Never ends `out`. */
  async passTo(out: Writable, milliseconds: number, onSign: () => void): Promise<StreamEnd> {
    let stopped: 'left' | 'cut' | undefined;
    const stop = (why: 'left' | 'cut'): void => {
      stopped ??= why;
      this.#message.destroy();
    };
    const leave = (): void => stop('left');
    const timer = setTimeout(() => stop('cut'), milliseconds);
    out.on('close', leave);
    out.on('error', leave);
    if (out.destroyed) leave();
    try {
      await this.#copy(out, onSign);
    } catch {
      if (stopped === undefined) return this.#silence.isOver ? 'timeout' : 'aborted';
    } finally {
      clearTimeout(timer);
      this.#silence.stop();
      out.off('close', leave);
      this.#message.destroy();
    }
    if (stopped !== undefined) return stopped;
    return this.#message.complete ? 'whole' : 'aborted';
  }

  async #copy(out: Writable, onSign: () => void): Promise<void> {
    let hasSign = false;
    for await (const chunk of this.#message as AsyncIterable<Buffer>) {
      // While the page reads slowly, the upstream is not at fault.
      this.#silence.stop();
      if (!hasSign) onSign();
      hasSign = true;
      if (!out.write(chunk)) await this.#drained(out);
      this.#silence.restart();
    }
    if (!hasSign && this.#message.complete) onSign();
  }

  /** Until `out` accepts more, or this stream is stopped. */
  #drained(out: Writable): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        out.off('drain', go);
        this.#message.off('close', go);
        resolve();
      };
      out.on('drain', go);
      this.#message.on('close', go);
    });
  }
}
