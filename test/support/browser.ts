import { callHttp, type HttpAnswer } from './http.ts';

/** The browser would hide the answer from the page, or never make the call; the message names the rule of CORS. */
export class BlockedByCors extends Error {
  override readonly name = 'BlockedByCors';
}

/** A cookie as a browser keeps it: apart for each site at the top of the window (CHIPS). */
export interface StoredCookie {
  readonly name: string;
  readonly value: string;
  /** Of the top-level page; undefined where the browser keeps no partitions. */
  readonly partition: string | undefined;
  readonly httpOnly: boolean;
  /** Milliseconds; undefined: until the browser is closed. */
  readonly expiresAt: number | undefined;
}

/** What went over the wire, whether or not the page was shown any of it. */
export interface WireCall {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly answer: HttpAnswer;
}

export interface BrowserOptions {
  /** Whether third-party cookies are kept only where they are partitioned, as browsers do now; false is one of old. @default true */
  readonly partitions?: boolean;
}

export interface PageCall {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** As in fetch: whether cookies go along and are taken. @default omit */
  readonly credentials?: 'include' | 'omit';
  /** `no-cors`: what a form or an image can send, and without a look at the answer. @default cors */
  readonly mode?: 'cors' | 'no-cors';
}

/** What a page's script sees of an answer. */
export interface PageAnswer {
  readonly status: number;
  readonly text: string;
  readonly json: Record<string, unknown>;
  /** Undefined also where the server does not expose the header. */
  header(name: string): string | undefined;
}

export interface Page {
  readonly origin: string;
  fetch(path: string, call?: PageCall): Promise<PageAnswer>;
}

const SAFE_METHODS = ['GET', 'HEAD', 'POST'];
const SAFE_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'];
const SAFE_HEADERS = ['accept', 'accept-language', 'content-language'];
const SAFE_RESPONSE_HEADERS = ['cache-control', 'content-language', 'content-length', 'content-type', 'expires'];
/** RFC 6265bis §5.6: name and value together. */
const MAX_COOKIE_BYTES = 4_096;

/**
 * What a browser does around calls to one server of another site, by the Fetch standard and RFC 6265bis: preflights, CORS checks and a cookie
 * jar. 127.0.0.1 is a trustworthy host to browsers, so that Secure cookies and Sec-Fetch-* work there without TLS.
 */
export class Browser {
  readonly wire: WireCall[] = [];
  /** Milliseconds that its clock is ahead. */
  clockOffset = 0;
  readonly #baseUrl: string;
  readonly #partitions: boolean;
  #jar: StoredCookie[] = [];

  constructor(baseUrl: string, { partitions = true }: BrowserOptions = {}) {
    this.#baseUrl = baseUrl;
    this.#partitions = partitions;
  }

  /** A page, at the top of its window unless another embeds it. */
  page(origin: string, topLevel = origin): Page {
    return { origin, fetch: (path, call = {}) => this.#fetch({ origin, topLevel: siteOf(topLevel) }, path, call) };
  }

  /** What is kept for the server when a page of this origin is at the top. */
  cookies(topLevel: string): StoredCookie[] {
    const partition = this.#partitionOf(siteOf(topLevel));
    return this.#live().filter((cookie) => cookie.partition === partition);
  }

  async #fetch({ origin, topLevel }: Place, path: string, call: PageCall): Promise<PageAnswer> {
    const { method = 'GET', headers = {}, credentials = 'omit', mode = 'cors' } = call;
    const isSimple = SAFE_METHODS.includes(method) && unsafeHeaders(headers).length === 0;
    if (mode === 'no-cors' && !isSimple) throw new TypeError('no-cors sends what a form can send');
    if (!isSimple) await this.#preflight({ origin, topLevel }, path, call);
    const cookie = this.#cookieHeader(topLevel);
    const answer = await this.#send(path, call, [
      ...Object.entries(headers),
      ...marks(origin, mode),
      ...(credentials === 'include' && cookie !== '' ? [['Cookie', cookie] as const] : []),
    ]);
    if (credentials === 'include') for (const set of answer.headers['set-cookie'] ?? []) this.#keep(set, topLevel);
    if (mode === 'no-cors') return { status: 0, text: '', json: {}, header: () => undefined };
    checkAnswer(answer, origin, credentials);
    const exposed = exposedHeaders(answer, credentials);
    const { status, text, json } = answer;
    return {
      status,
      text,
      json,
      header: (name) => (exposed(name.toLowerCase()) ? answer.headers[name.toLowerCase()]?.join(', ') : undefined),
    };
  }

  async #preflight({ origin }: Place, path: string, { method = 'GET', headers = {}, credentials }: PageCall) {
    const asked = unsafeHeaders(headers);
    const answer = await this.#send(path, { method: 'OPTIONS' }, [
      ['Access-Control-Request-Method', method],
      ...(asked.length > 0 ? [['Access-Control-Request-Headers', asked.join(',')] as const] : []),
      ...marks(origin, 'cors'),
    ]);
    if (answer.status < 200 || answer.status > 299) throw new BlockedByCors(`the preflight failed: ${answer.status}`);
    checkAnswer(answer, origin, credentials);
    const anything = credentials !== 'include';
    const methods = listOf(answer, 'access-control-allow-methods');
    if (!SAFE_METHODS.includes(method) && !methods.includes(method) && !(anything && methods.includes('*')))
      throw new BlockedByCors(`the method ${method} is not allowed`);
    const names = listOf(answer, 'access-control-allow-headers').map((name) => name.toLowerCase());
    for (const name of asked) {
      // The wildcard never covers Authorization.
      const isCovered = anything && names.includes('*') && name !== 'authorization';
      if (!names.includes(name) && !isCovered) throw new BlockedByCors(`the header ${name} is not allowed`);
    }
  }

  async #send(path: string, { method = 'GET', body }: PageCall, headers: readonly (readonly [string, string])[]) {
    const answer = await callHttp(this.#baseUrl, { method, path, headers, ...(body !== undefined && { body }) });
    this.wire.push({ method, path, headers, answer });
    return answer;
  }

  #live(): StoredCookie[] {
    const now = Date.now() + this.clockOffset;
    return this.#jar.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now);
  }

  #partitionOf(topLevel: string): string | undefined {
    return this.#partitions ? topLevel : undefined;
  }

  #cookieHeader(topLevel: string): string {
    const partition = this.#partitionOf(topLevel);
    return this.#live()
      .filter((cookie) => cookie.partition === partition)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  /** Keeps a cookie that another site's server set, if it may (RFC 6265bis §5.7). */
  #keep(text: string, topLevel: string): void {
    const { name, value, attributes } = parseSetCookie(text);
    const has = (attribute: string): boolean => attributes.has(attribute);
    if (name.length + value.length > MAX_COOKIE_BYTES) return;
    if (name.startsWith('__Host-') && !(has('secure') && attributes.get('path') === '/' && !has('domain'))) return;
    // All calls here are from another site's page.
    if (attributes.get('samesite')?.toLowerCase() !== 'none' || !has('secure')) return;
    if (this.#partitions && !has('partitioned')) return;
    const partition = this.#partitionOf(topLevel);
    const maxAge = attributes.get('max-age');
    const kept = this.#jar.filter((cookie) => cookie.name !== name || cookie.partition !== partition);
    const expiresAt = maxAge === undefined ? undefined : Date.now() + this.clockOffset + Number(maxAge) * 1_000;
    this.#jar = [...kept, { name, value, partition, httpOnly: has('httponly'), expiresAt }];
  }
}

interface Place {
  readonly origin: string;
  readonly topLevel: string;
}

/** What a browser says of itself, and no script can change. */
const marks = (origin: string, mode: string): [string, string][] => [
  ['Origin', origin],
  ['User-Agent', 'Mozilla/5.0 (X11; Linux x86_64) Browser/1.0'],
  ['Sec-Fetch-Site', 'cross-site'],
  ['Sec-Fetch-Mode', mode],
  ['Sec-Fetch-Dest', 'empty'],
];

/** Scheme and the last two labels of the host. */
function siteOf(origin: string): string {
  if (origin === 'null') return 'null';
  const { protocol, hostname } = new URL(origin);
  return `${protocol}//${hostname.split('.').slice(-2).join('.')}`;
}

const unsafeHeaders = (headers: Readonly<Record<string, string>>): string[] =>
  Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name, value]) => !SAFE_HEADERS.includes(name) && !(name === 'content-type' && SAFE_TYPES.includes(value)))
    .map(([name]) => name)
    .sort();

const listOf = ({ headers }: HttpAnswer, name: string): string[] =>
  (headers[name] ?? []).flatMap((value) => value.split(',')).map((value) => value.trim());

/** The CORS check of the Fetch standard (§4.10). */
function checkAnswer({ headers }: HttpAnswer, origin: string, credentials: PageCall['credentials'] = 'omit'): void {
  const allowed = headers['access-control-allow-origin'] ?? [];
  if (allowed.length !== 1) throw new BlockedByCors(`${allowed.length} values of Access-Control-Allow-Origin`);
  if (credentials === 'omit' && allowed[0] === '*') return;
  if (allowed[0] !== origin) throw new BlockedByCors(`${allowed[0]} is allowed, not ${origin}`);
  if (credentials === 'omit') return;
  if (headers['access-control-allow-credentials']?.join() !== 'true')
    throw new BlockedByCors('credentials are not allowed');
}

function exposedHeaders(answer: HttpAnswer, credentials: PageCall['credentials']): (lowerName: string) => boolean {
  const exposed = listOf(answer, 'access-control-expose-headers').map((name) => name.toLowerCase());
  return (name) =>
    name !== 'set-cookie' &&
    (SAFE_RESPONSE_HEADERS.includes(name) ||
      exposed.includes(name) ||
      (credentials !== 'include' && exposed.includes('*')));
}

function parseSetCookie(text: string) {
  const [pair = '', ...rest] = text.split(';').map((part) => part.trim());
  const at = pair.indexOf('=');
  const attributes = new Map(
    rest.map((attribute): [string, string] => {
      const [name = '', value = ''] = attribute.split('=');
      return [name.toLowerCase(), value];
    }),
  );
  return { name: pair.slice(0, at), value: pair.slice(at + 1), attributes };
}
