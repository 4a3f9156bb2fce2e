/** A request to AWS STS, as Signature Version 4 sees it. */
export interface SignableRequest {
  readonly region: string;
  /** `20260101T000000Z` */
  readonly amzDate: string;
  /** By lower-case name; every one is signed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a gate sends to be signed, checked here before use. */
export type Dictated = Readonly<Record<string, unknown>>;

/** A challenge that passed the check, with the request to sign, made from our own constants; or a description of what is wrong with it. */
export type CheckedChallenge =
  | { readonly ok: true; readonly challenge: string; readonly request: SignableRequest }
  | { readonly ok: false; readonly wrong: string };

const BODY = 'Action=GetCallerIdentity&Version=2011-06-15';
const BODY_SHA256 = 'ab821ae955788b0e33ebd34c208442ccfc2d406e2edc5e7a39bd6458fbb4f843';
const CHALLENGE_HEADER = 'x-widget-gate-challenge';
const MAX_SKEW_SECONDS = 300;

/**
 * Uses only region, time and login mark of a server's challenge. The rest must be exactly a request that asks STS "who am I?": a hostile
 * server must not get a signature for another service, call, host or day.
 */
export function checkChallenge(dictated: Dictated, nowSeconds: number): CheckedChallenge {
  const { challenge, region, amzDate } = dictated;
  const mark = membersOf(dictated.headers).get(CHALLENGE_HEADER);
  if (!isText(challenge, /^[\x21-\x7e]{1,4096}$/)) return wrong('is empty or malformed');
  if (!isText(region, /^[a-z]{2}(-[a-z]{2,12}){1,3}-\d{1,2}$/)) return wrong('has no AWS region');
  if (!isText(amzDate, /^\d{8}T\d{6}Z$/)) return wrong('has no valid time');
  if (!isText(mark, /^[\x21-\x7e]{1,512}$/)) return wrong('has no mark of this login in its headers');
  // Written so that an invalid time, such as the 99th of a month, does not pass.
  if (!(Math.abs(secondsOf(amzDate) - nowSeconds) <= MAX_SKEW_SECONDS))
    return wrong("has a time that is more than 5 minutes off this machine's clock (set the clock if it is wrong)");
  const request = requestOf(region, amzDate, mark);
  if (dictated.host !== request.headers.host) return wrong('is for another host than AWS STS');
  if (dictated.body !== request.body) return wrong('is for another call than GetCallerIdentity');
  if (!isSame(membersOf(dictated.headers), membersOf(request.headers))) return wrong('has other headers');
  return { ok: true, challenge, request };
}

function requestOf(region: string, amzDate: string, mark: string): SignableRequest {
  const headers = {
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    host: `sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`,
    'x-amz-content-sha256': BODY_SHA256,
    'x-amz-date': amzDate,
    [CHALLENGE_HEADER]: mark,
  };
  return { region, amzDate, headers, body: BODY };
}

const wrong = (what: string): CheckedChallenge => ({ ok: false, wrong: what });

const isText = (value: unknown, pattern: RegExp): value is string => typeof value === 'string' && pattern.test(value);

const secondsOf = (amzDate: string): number =>
  Date.parse(amzDate.replace(/^(....)(..)(..T..)(..)/, '$1-$2-$3:$4:')) / 1_000;

const membersOf = (value: unknown): ReadonlyMap<string, unknown> =>
  new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);

const isSame = (one: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): boolean =>
  one.size === other.size && [...one].every(([name, value]) => other.get(name) === value);
