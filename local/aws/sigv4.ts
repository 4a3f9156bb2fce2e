import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { AwsError } from './errors.ts';
import type { Principal, Principals } from './principals.ts';

/** A request as it came over the wire. */
export interface WireRequest {
  readonly method: string;
  /** Path and query, not decoded. */
  readonly target: string;
  readonly headers: NodeJS.Dict<string[]>;
  readonly body: Buffer;
}

export interface CredentialScope {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

interface Authorization extends CredentialScope {
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([A-Z0-9]{16,32})\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;
const AMZ_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
const MAX_SKEW_MILLISECONDS = 300_000;
const SIGNING_KEYS_KEPT = 1_000;

const incomplete = (message: string): AwsError => new AwsError('IncompleteSignatureException', message);
const invalidSignature = (message: string): AwsError => new AwsError('InvalidSignatureException', message);
const unknownClient = (): AwsError =>
  new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.');

/** The parts of the one Authorization header. Nothing in it is proven yet. */
export function readAuthorization(headers: NodeJS.Dict<string[]>): Authorization {
  const values = headers.authorization ?? [];
  if (values.length === 0)
    throw new AwsError('MissingAuthenticationTokenException', 'Request is missing Authentication Token');
  const parts = values.length === 1 ? AUTHORIZATION.exec(values[0] ?? '') : null;
  if (parts === null) throw incomplete('Authorization header is not a complete AWS Signature Version 4.');
  const [, accessKeyId = '', date = '', region = '', service = '', signedHeaders = '', signature = ''] = parts;
  return { accessKeyId, date, region, service, signedHeaders: signedHeaders.split(';'), signature };
}

/** Verifies AWS Signature Version 4 in its header form. */
export class SignatureVerifier {
  readonly #principals: Principals;
  readonly #now: () => number;
  readonly #signingKeys = new Map<string, Buffer>();

  constructor(principals: Principals, now: () => number) {
    this.#principals = principals;
    this.#now = now;
  }

  /** Who signed this very request. Throws `AwsError` unless signature, body, time and session token are all right. */
  verify(request: WireRequest, authorization: Authorization): Principal {
    const amzDate = onlyHeader(request, 'x-amz-date');
    this.#checkTime(amzDate, authorization.date);
    checkSignedHeaders(request, authorization.signedHeaders);
    const principal = this.#principals.find(authorization.accessKeyId);
    if (principal === undefined) throw unknownClient();
    const bodyHash = createHash('sha256').update(request.body).digest('hex');
    const statedHash = onlyHeader(request, 'x-amz-content-sha256', bodyHash);
    const expected = this.#sign(request, authorization, amzDate, bodyHash, principal.secretAccessKey);
    const matches = timingSafeEqual(expected, Buffer.from(authorization.signature, 'hex'));
    if (!matches || statedHash !== bodyHash) {
      throw invalidSignature(
        'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
      );
    }
    if (!sameText(onlyHeader(request, 'x-amz-security-token', ''), principal.sessionToken ?? '')) throw unknownClient();
    return principal;
  }

  #checkTime(amzDate: string, scopeDate: string): void {
    const parts = AMZ_DATE.exec(amzDate);
    if (parts === null) throw incomplete(`Date must be in ISO-8601 'basic format'. Got '${amzDate}'.`);
    const [, year, month, day, hour, minute, second] = parts;
    const signedAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    if (!(Math.abs(this.#now() - signedAt) <= MAX_SKEW_MILLISECONDS))
      throw invalidSignature(`Signature expired or not yet current: ${amzDate} is not within 5 min. of now.`);
    if (!amzDate.startsWith(scopeDate))
      throw invalidSignature(
        'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.',
      );
  }

  #sign(
    request: WireRequest,
    scope: Authorization,
    amzDate: string,
    bodyHash: string,
    secretAccessKey: string,
  ): Buffer {
    const canonicalHash = createHash('sha256')
      .update(canonicalRequest(request, scope.signedHeaders, bodyHash))
      .digest('hex');
    const scopeText = `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
    const stringToSign = `AWS4-HMAC-SHA256\n${amzDate}\n${scopeText}\n${canonicalHash}`;
    return hmac(this.#signingKey(scope, secretAccessKey), stringToSign);
  }

  #signingKey({ accessKeyId, date, region, service }: CredentialScope, secretAccessKey: string): Buffer {
    const name = `${accessKeyId}/${date}/${region}/${service}`;
    let key = this.#signingKeys.get(name);
    if (key === undefined) {
      key = [date, region, service, 'aws4_request'].reduce(hmac, Buffer.from(`AWS4${secretAccessKey}`));
      if (this.#signingKeys.size >= SIGNING_KEYS_KEPT) this.#signingKeys.clear();
      this.#signingKeys.set(name, key);
    }
    return key;
  }
}

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

function onlyHeader({ headers }: WireRequest, name: string, absent?: string): string {
  const values = headers[name] ?? (absent === undefined ? [] : [absent]);
  if (values.length !== 1) throw incomplete(`Authorization requires exactly one '${name}' header.`);
  return values[0] ?? '';
}

/** An unsigned `host` or `x-amz-` header could be changed on the way without anyone noticing. */
function checkSignedHeaders({ headers }: WireRequest, signed: readonly string[]): void {
  for (const name of Object.keys(headers))
    if ((name === 'host' || name.startsWith('x-amz-')) && !signed.includes(name))
      throw invalidSignature(`'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
  for (const name of signed)
    if (headers[name] === undefined) throw invalidSignature(`The signed header '${name}' is missing.`);
}

function canonicalRequest(
  { method, target, headers }: WireRequest,
  signed: readonly string[],
  bodyHash: string,
): string {
  const [path = '', query = ''] = target.split('?', 2);
  const headerLines = signed.map((name) => `${name}:${(headers[name] ?? []).map(trimHeader).join(',')}\n`).join('');
  return `${method}\n${canonicalPath(path)}\n${canonicalQuery(query)}\n${headerLines}\n${signed.join(';')}\n${bodyHash}`;
}

const trimHeader = (value: string): string => value.trim().replace(/\s+/g, ' ');

/** The path as sent is encoded a second time, as for every service but S3. */
const canonicalPath = (path: string): string => (path === '/' ? path : path.split('/').map(encodeStrictly).join('/'));

function canonicalQuery(query: string): string {
  if (query === '') return '';
  return [...new URLSearchParams(query)]
    .map(([name, value]) => `${encodeStrictly(name)}=${encodeStrictly(value)}`)
    .sort()
    .join('&');
}

const encodeStrictly = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
