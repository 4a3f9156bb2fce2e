import { hash } from 'node:crypto';
import { refused } from './failure.ts';
import type { SignableRequest } from './sign.ts';

/** A challenge that was found harmless: the request to sign, made from our own constants. */
export interface CheckedChallenge {
  readonly challenge: string;
  readonly request: SignableRequest;
}

const BODY = 'Action=GetCallerIdentity&Version=2011-06-15';
const CHALLENGE_HEADER = 'x-widget-gate-challenge';
const MAX_SKEW_SECONDS = 300;

/**
 * Takes from what a server dictates only region, time and its own mark, and demands that the rest be what asks STS "who am I?" and nothing
 * else: a hostile server must not get a signature for another service, call, host or day. Throws `CliFailure`.
 */
export function checkChallenge(dictated: Readonly<Record<string, unknown>>, nowSeconds: number): CheckedChallenge {
  const { challenge, region, amzDate } = dictated;
  const mark = membersOf(dictated.headers).get(CHALLENGE_HEADER);
  if (!isText(challenge, /^[\x21-\x7e]{1,4096}$/)) throw hostile('no challenge');
  if (!isText(region, /^[a-z]{2}(-[a-z]{2,12}){1,3}-\d{1,2}$/)) throw hostile('no AWS region');
  if (!isText(amzDate, /^\d{8}T\d{6}Z$/)) throw hostile('no time');
  if (!isText(mark, /^[\x21-\x7e]{1,512}$/)) throw hostile('no mark of this login in the headers');
  // Written so that a time that is none, like the 99th of a month, does not pass.
  if (!(Math.abs(secondsOf(amzDate) - nowSeconds) <= MAX_SKEW_SECONDS))
    throw hostile('a time that is more than 5 minutes off this machine’s clock (set the clock if it is wrong)');
  const request = requestOf(region, amzDate, mark);
  if (dictated.host !== request.headers.host) throw hostile('another host than AWS STS');
  if (dictated.body !== request.body) throw hostile('another call than GetCallerIdentity');
  if (!isSame(membersOf(dictated.headers), membersOf(request.headers))) throw hostile('other headers');
  return { challenge, request };
}

function requestOf(region: string, amzDate: string, mark: string): SignableRequest {
  const headers = {
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    host: `sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`,
    'x-amz-content-sha256': hash('sha256', BODY),
    'x-amz-date': amzDate,
    [CHALLENGE_HEADER]: mark,
  };
  return { region, amzDate, headers, body: BODY };
}

const hostile = (what: string): Error =>
  refused('challenge_refused', `Nothing was signed: the gate asked to sign ${what}. Check its URL, and whose it is.`);

const isText = (value: unknown, pattern: RegExp): value is string => typeof value === 'string' && pattern.test(value);

const secondsOf = (amzDate: string): number =>
  Date.parse(amzDate.replace(/^(....)(..)(..T..)(..)/, '$1-$2-$3:$4:')) / 1_000;

const membersOf = (value: unknown): ReadonlyMap<string, unknown> =>
  new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);

const isSame = (one: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): boolean =>
  one.size === other.size && [...one].every(([name, value]) => other.get(name) === value);
