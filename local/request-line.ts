/** A call that the gateway has answered. */
export interface AnsweredCall {
  /** Unix milliseconds. */
  readonly receivedAt: number;
  readonly milliseconds: number;
  readonly method: string;
  /** As it was sent, without the query. */
  readonly path: string;
  readonly status: number;
  /** Whom the authorizer named. */
  readonly caller: string | undefined;
  /** The error code of the body. */
  readonly code: string | undefined;
}

const MAX_SEGMENT_CHARACTERS = 40;
/** What an API key begins with, wherever in a path someone put it. */
const KEY = /^[a-z]{2,4}_(live|test)_/;

/** One readable line on a call: `12:00:01 POST /dev/things/7 200 4 ms`. It has no header, query or body, so no credential. */
export function requestLine({ receivedAt, milliseconds, method, path, status, caller, code }: AnsweredCall): string {
  const time = new Date(receivedAt).toTimeString().slice(0, 8);
  const shown = path.split('/').map(shorten).join('/');
  const rest = [caller, code].filter((part) => part !== undefined && part !== '').map((part) => shorten(String(part)));
  return [time, method, shown, status, `${milliseconds} ms`, ...rest].join(' ');
}

/** Ids are short; what is long or looks like a key may be a credential in the wrong place. */
const shorten = (segment: string): string =>
  KEY.test(segment) || segment.length > MAX_SEGMENT_CHARACTERS ? '…' : segment;
