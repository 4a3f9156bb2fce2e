import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { identityRequest } from '#lambda/admin-login/challenge.ts';
import { StsIdentityService } from '#lambda/admin-login/identity.store.ts';
import { DependencyError } from '#lambda/platform/stored.ts';

let server: Server;
let endpoint: string;
let respond: (response: ServerResponse) => void;
let received: { method: string | undefined; url: string | undefined; headers: NodeJS.Dict<string[]>; body: string }[];
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const { method, url, headersDistinct: headers } = request;
      received.push({ method, url, headers, body });
      respond(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  received = [];
});

const request = identityRequest(
  { id: 'x'.repeat(43), issuedAt: 1_800_000_000 },
  { region: 'eu-west-1', host: 'sts.eu-west-1.amazonaws.com', deployment: 'widget-gate:1:dev' },
);
const ask = () =>
  new StsIdentityService(request.host, endpoint).callerIdentity(request, 'AKIAABCDEFGHIJKLMNOP', 'a'.repeat(64));
const send =
  (status: number, body: string, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(body);
  };

test("sends exactly the dictated request with the client's key id and signature, and nothing else of the client's", async () => {
  respond = send(200, '{"GetCallerIdentityResponse":{}}');
  expect(await ask()).toEqual({ kind: 'confirmed', answer: new Map([['GetCallerIdentityResponse', {}]]) });
  expect(received).toEqual([
    {
      method: 'POST',
      url: '/',
      body: request.body,
      headers: {
        ...Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, [value]])),
        authorization: [
          `AWS4-HMAC-SHA256 Credential=AKIAABCDEFGHIJKLMNOP/20270115/eu-west-1/sts/aws4_request, SignedHeaders=accept;content-type;host;x-amz-content-sha256;x-amz-date;x-widget-gate-challenge, Signature=${'a'.repeat(64)}`,
        ],
        'content-length': [String(request.body.length)],
        connection: ['close'],
      },
    },
  ]);
});

const XML =
  '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn</Arn><UserId>id</UserId><Account>account</Account></GetCallerIdentityResult></GetCallerIdentityResponse>';

test.each(['application/json', 'text/xml'])(
  'XML says the same as JSON, whatever its content type (%s)',
  async (type) => {
    respond = send(200, XML, { 'Content-Type': type });
    const GetCallerIdentityResult = { Arn: 'arn', UserId: 'id', Account: 'account' };
    const answer = new Map([['GetCallerIdentityResponse', { GetCallerIdentityResult }]]);
    expect(await ask()).toEqual({ kind: 'confirmed', answer });
  },
);

test('an answer of 8 KiB is read, and refuses one of a byte more', async () => {
  const padded = (bytes: number) => XML.replace('</GetCallerIdentityResponse>', `${' '.repeat(bytes - XML.length)}$&`);
  respond = send(200, padded(8_192));
  expect(await ask()).toMatchObject({ kind: 'confirmed' });
  respond = send(200, padded(8_193));
  expect(await ask()).toEqual({ kind: 'refused' });
});

test.each<[string, (response: ServerResponse) => void]>([
  ['403 with an error', send(403, '{"Error":{"Code":"SignatureDoesNotMatch"}}')],
  ['400 with an error', send(400, '{"Error":{"Code":"IncompleteSignature"}}')],
  ['a redirect, which is not followed', send(302, '{"a":1}', { Location: 'http://127.0.0.1:1/' })],
  ['403 with XML that would vouch', send(403, XML)],
  [
    '403 with an error in XML',
    send(403, '<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code></Error></ErrorResponse>'),
  ],
  ['200 with other XML', send(200, '<GetCallerIdentityResponse/>')],
  ['200 with XML after a byte order mark', send(200, `\uFEFF${XML}`)],
  ['200 with XML and an entity', send(200, `<!DOCTYPE a [<!ENTITY arn "arn">]>${XML.replace('>arn<', '>&arn;<')}`)],
  ['200 with XML that says throttled in its text', send(200, XML.replace('>arn<', '>Throttling<').slice(1))],
  ['200 with a list', send(200, '[]')],
  ['200 with nothing', send(200, '')],
  ['200 with a repeated member', send(200, '{"GetCallerIdentityResponse":{},"GetCallerIdentityResponse":{}}')],
  ['200 with __proto__', send(200, '{"__proto__":{"GetCallerIdentityResponse":{}}}')],
  ['200 with 10,000 levels', send(200, `{"a":${'['.repeat(4_000)}${']'.repeat(4_000)}}`)],
  ['200 with more than 8 KiB', send(200, `{"a":"${'x'.repeat(8_192)}"}`)],
  ['204', send(204, '')],
])('takes %s for a refusal', async (_name, answered) => {
  respond = answered;
  expect(await ask()).toEqual({ kind: 'refused' });
  expect(received).toHaveLength(1);
});

test.each<[string, (response: ServerResponse) => void]>([
  ['500', send(500, '{"Error":{"Code":"InternalFailure"}}')],
  ['503', send(503, '')],
  ['429', send(429, '')],
  ...['Throttling', 'ThrottlingException', 'RequestLimitExceeded'].flatMap(
    (code): [string, (response: ServerResponse) => void][] => [
      [`400 ${code} in JSON`, send(400, `{"Error":{"Type":"Sender","Code":"${code}"}}`)],
      [
        `400 ${code} in XML`,
        send(400, `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code></Error></ErrorResponse>`),
      ],
    ],
  ),
  ['a cut connection', (response) => void response.destroy()],
  [
    'a cut answer',
    (response) => void response.writeHead(200, { 'Content-Length': '100' }).write('{', () => response.destroy()),
  ],
])('takes %s for an outage, not for a failed proof', async (_name, answered) => {
  respond = answered;
  await expect(ask()).rejects.toThrow(DependencyError);
});

test('takes silence for an outage after three seconds', async () => {
  respond = () => undefined;
  await expect(ask()).rejects.toThrow(DependencyError);
});

test('takes nobody there for an outage', async () => {
  const nowhere = new StsIdentityService(request.host, 'http://127.0.0.1:9');
  await expect(nowhere.callerIdentity(request, 'AKIAABCDEFGHIJKLMNOP', 'a'.repeat(64))).rejects.toThrow(
    DependencyError,
  );
});
