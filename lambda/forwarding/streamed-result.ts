import type { Writable } from 'node:stream';
import type { APIGatewayProxyResult } from 'aws-lambda';
import type { UpstreamFailure } from '#contract/forwarding.ts';
import { log } from '../platform/log.ts';
import type { CallOutcome } from './circuit.ts';
import type { StreamEnd, UpstreamBody } from './upstream-body.ts';

/** Writes the body of an answer, for so many milliseconds at most, and says how it ended. */
export type SendBody = (out: Writable, milliseconds: number) => Promise<StreamEnd>;

/** Where a streamed call is noted. */
export interface StreamedCall {
  readonly body: UpstreamBody;
  readonly requestId: string;
  /** For the circuit. */
  noteEnd(outcome: CallOutcome): void;
  /** For log and trail. */
  file(reason: UpstreamFailure): Promise<void>;
}

const bodies = new WeakMap<APIGatewayProxyResult, SendBody>();

/** What sends the body of an answer that `streamedResult` made. Any other answer has its body in itself. */
export const streamedBodyOf = (answered: APIGatewayProxyResult): SendBody | undefined => bodies.get(answered);

/** The head of an answer whose body is still on its way. */
export function streamedResult(
  statusCode: number,
  multiValueHeaders: Record<string, string[]>,
  { body, requestId, noteEnd, file }: StreamedCall,
): APIGatewayProxyResult {
  const result = { statusCode, multiValueHeaders, body: '' };
  bodies.set(result, async (out, milliseconds) => {
    // The circuit is for upstreams that hold an execution for nothing. One that has sent a byte does not hang, however long its stream is.
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

/** Whether the upstream failed, and not the caller or the time of the stage. */
export const isFailure = (end: StreamEnd): end is UpstreamFailure => end !== 'whole' && end !== 'left' && end !== 'cut';
