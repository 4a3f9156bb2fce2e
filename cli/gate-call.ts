import { setTimeout as sleep } from 'node:timers/promises';
import { type CliFailure, notReachable, refused } from './failure.ts';
import type { HttpAnswer } from './http-call.ts';

const REPEATS = 2;
const MAX_WAIT_SECONDS = 30;

/** Makes a call again, twice at most, after the time that a gate which is busy or lacks a dependency tells. */
export async function repeatWhileBusy(call: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
  let answer = await call();
  for (let repeat = 0; repeat < REPEATS && (answer.status === 429 || answer.status === 503); repeat += 1) {
    await sleep(waitSeconds(answer) * 1_000);
    answer = await call();
  }
  return answer;
}

function waitSeconds({ headers }: HttpAnswer): number {
  const told = Number(headers['retry-after']?.[0] ?? 1);
  return Number.isInteger(told) && told >= 0 ? Math.min(told, MAX_WAIT_SECONDS) : 1;
}

/** A refusal in the gate's own words; what has not their shape comes from something else. */
export function refusalOf({ status, json }: HttpAnswer, baseUrl: string): CliFailure {
  const { code, message } = json;
  if (typeof code === 'string' && typeof message === 'string') return refused(code, message);
  return notReachable(`What answers at ${baseUrl} is no Widget Gate (status ${status}): check the URL and its path.`);
}
