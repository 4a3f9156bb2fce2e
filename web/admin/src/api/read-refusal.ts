import { type ErrorCode, errors } from '../../../../lambda/contract/errors.ts';
import { type Answer, refused } from './answer.ts';

const isCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(errors, code);

/** A refusal in the gate's own words; what has not their shape comes from something between. */
export function readRefusal(body: Readonly<Record<string, unknown>>, retryAfter: string | null): Answer<never> {
  const { code, message, requestId } = body;
  if (!isCode(code)) return refused('no_gate');
  const sentence = errors[code].message;
  const detail =
    typeof message === 'string' && message.startsWith(`${sentence} `) ? message.slice(sentence.length + 1) : undefined;
  const seconds = Number(retryAfter ?? Number.NaN);
  return refused(code, {
    ...(detail !== undefined && { detail }),
    ...(typeof requestId === 'string' && { requestId }),
    ...(Number.isInteger(seconds) && { retryAfterSeconds: seconds }),
  });
}
