import { randomUUID } from 'node:crypto';
import { AwsError } from './errors.ts';
import type { Protocol } from './service.ts';
import type { WireRequest } from './sigv4.ts';

/** The query protocol's own names for the refusals that precede an operation. */
const QUERY_ERRORS = new Map<string, readonly [code: string, status: number]>([
  ['InvalidSignatureException', ['SignatureDoesNotMatch', 403]],
  ['IncompleteSignatureException', ['IncompleteSignature', 400]],
  ['UnrecognizedClientException', ['InvalidClientTokenId', 403]],
  ['MissingAuthenticationTokenException', ['MissingAuthenticationToken', 403]],
  ['AccessDeniedException', ['AccessDenied', 403]],
  ['UnknownOperationException', ['InvalidAction', 400]],
  ['ValidationException', ['ValidationError', 400]],
]);

/** AWS query: a form in the body, XML in the answer. `jsonOnDemand`: JSON when the caller's Accept asks for it, as STS does. */
export function queryProtocol(version: string, namespace: string, jsonOnDemand: () => boolean = () => false): Protocol {
  const write = (status: number, name: string, members: object, request: WireRequest) =>
    jsonOnDemand() && request.headers.accept?.join(',') === 'application/json'
      ? {
          status,
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(name === 'ErrorResponse' ? members : { [name]: members }),
        }
      : {
          status,
          headers: { 'Content-Type': 'text/xml' },
          body: `<${name} xmlns="${namespace}">${renderXml(members)}</${name}>`,
        };
  return {
    read(request) {
      const form = readForm(request);
      const { Action: operation = '', Version, ...input } = form;
      if (Version !== version)
        throw new AwsError('UnknownOperationException', `Could not find operation ${operation} for version ${Version}`);
      return { operation, input };
    },
    writeAnswer: ({ operation }, { members }, request) =>
      write(
        200,
        `${operation}Response`,
        { [`${operation}Result`]: members, ResponseMetadata: { RequestId: randomUUID() } },
        request,
      ),
    writeError({ code, message, status }, request) {
      const [Code, shownStatus] = QUERY_ERRORS.get(code) ?? [code, status];
      const Type = shownStatus < 500 ? 'Sender' : 'Receiver';
      return write(
        shownStatus,
        'ErrorResponse',
        { Error: { Type, Code, Message: message }, RequestId: randomUUID() },
        request,
      );
    },
  };
}

function readForm({ method, target, headers, body }: WireRequest): Record<string, string> {
  const [contentType = ''] = headers['content-type'] ?? [];
  if (method !== 'POST' || target !== '/' || !/^application\/x-www-form-urlencoded(;|$)/i.test(contentType))
    throw new AwsError('UnknownOperationException', 'The local host takes POST / with a form only.');
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(body.toString())) {
    if (form.has(name)) throw new AwsError('ValidationException', `The member ${name} occurs twice.`);
    form.set(name, value);
  }
  return Object.fromEntries(form);
}

function renderXml(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => `<member>${renderXml(item)}</member>`).join('');
  if (value !== null && typeof value === 'object')
    return Object.entries(value)
      .map(([name, member]) => `<${name}>${renderXml(member)}</${name}>`)
      .join('');
  return String(value).replace(/[<>&"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
