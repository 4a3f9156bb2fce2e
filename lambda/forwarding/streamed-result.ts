import type { Writable } from 'node:stream';
import type { APIGatewayProxyResult } from 'aws-lambda';
import type { UpstreamFailure } from '#contract/forwarding.ts';
import { log } from '../platform/log.ts';
import type { CallOutcome } from './circuit.ts';
import type { StreamEnd, UpstreamBody } from './upstream-body.ts';

/** Writes the body of a response, for at most this many milliseconds, and returns how it ended. */
export type SendBody = (out: Writable, milliseconds: number) => Promise<StreamEnd>;

/** Records a streamed call. */
export interface StreamedCall {
  readonly body: UpstreamBody;
  readonly requestId: string;
  /** For the circuit. */
  noteEnd(outcome: CallOutcome): void;
  /** For log and trail. */
  file(reason: UpstreamFailure): Promise<void>;
}

const bodies = new WeakMap<APIGatewayProxyResult, SendBody>();

/** Sends the body of a response that `streamedResult` made. Any other response contains its body. */
export const streamedBodyOf = (answered: APIGatewayProxyResult): SendBody | undefined => bodies.get(answered);

/** The head of a response whose body is still being received. */
export function streamedResult(
  statusCode: number,
  multiValueHeaders: Record<string, string[]>,
  { body, requestId, noteEnd, file }: StreamedCall,
): APIGatewayProxyResult {
  const result = { statusCode, multiValueHeaders, body: '' };
  bodies.set(result, async (out, milliseconds) => {
    // The circuit is for upstreams that occupy an execution without any result. An upstream that has sent a byte does not hang, no matter
    // how long its stream is.
    let isNoted = false;
    const note = (outcome: CallOutcome): void => {
      if (!isNoted) noteEnd(outcome);
      isNoted = true;
    };
    const end = await body.passTo(out, milliseconds, () => note('returned'));
    note(end === 'timeout' ? 'timed_out' : 'returned');
    if (end === 'cut') log('warn', { event: 'stream_limit_reached', requestId });
    if (isFailure(end)) await file(end);
    return end;
  });
  return result;
}

/** Whether the upstream failed, and not the caller or the time limit of the stage. */
export const isFailure = (end: StreamEnd): end is UpstreamFailure => end !== 'whole' && end !== 'left' && end !== 'cut';
