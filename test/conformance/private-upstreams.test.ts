import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { withSecrets } from '#bin/start/given-secrets.ts';
import { isCalledByShops, loadStage } from '#bin/start/stage.ts';
import { ApiStack } from '#lib/api-stack.ts';
import { DataStack } from '#lib/data-stack.ts';
import { readStageConfig } from '#lib/stage-config.ts';
import { parseFaults } from '#local/faults.ts';
import { type Host, startHost } from '#local/host.ts';
import { administratorOf } from '../support/administer.ts';
import { CertificateAuthority } from '../support/certificates.ts';
import { callHttp } from '../support/http.ts';

const secretArn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:upstream-ca-AbCdEf';
const upstreamVpc = { vpcId: 'vpc-0123abcd', subnetIds: ['subnet-0123abcd'], securityGroupIds: ['sg-0123abcd'] };
const directory = mkdtempSync(join(tmpdir(), 'widget-gate-private-'));
const authority = new CertificateAuthority();
const stranger = new CertificateAuthority();
let upstream: Server;
let strange: Server;
let running: Host | undefined;

const start = async (issuer: CertificateAuthority): Promise<Server> => {
  const server = createServer(issuer.issue('localhost'), (_request, response) => response.end('{"from":"upstream"}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
};
const urlOf = (server: Server): string => `https://localhost:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
  [upstream, strange] = await Promise.all([start(authority), start(stranger)]);
});
afterEach(async () => {
  await running?.close();
  running = undefined;
});
afterAll(() => {
  for (const server of [upstream, strange]) server.close().closeAllConnections();
  for (const each of [authority, stranger]) each.dispose();
  rmSync(directory, { recursive: true, force: true });
});

/** What a widget call gets in a stage with these options, and what the functions log; `pem`: what is in the secret. */
async function callIn(
  options: object,
  server: Server,
  pem?: string,
): Promise<{ calls: [number, string][]; log: string }> {
  const app = new App({
    context: { 'aws:cdk:disable-asset-staging': true },
    outdir: mkdtempSync(join(directory, 'app-')),
  });
  const stage = { production: false, region: 'us-east-1', web: false, upstreamUrl: urlOf(server), ...options };
  const config = readStageConfig('dev', { dev: stage });
  const data = new DataStack(app, 'Data', { env: { region: config.region }, config });
  new ApiStack(app, 'Api', { env: { region: config.region }, config, data });
  const file = join(directory, 'secret.pem');
  if (pem !== undefined) writeFileSync(file, pem);
  const deployment = withSecrets(loadStage(app.synth().directory), pem === undefined ? [] : [{ arn: secretArn, file }]);
  let log = '';
  running = await startHost({
    isWarm: isCalledByShops,
    deployment,
    port: 0,
    dataDirectory: undefined,
    faults: parseFaults(''),
    log: (text) => {
      log += text;
    },
  });
  const { baseUrl } = running;
  const shop = await administratorOf(running)({ action: 'create-shop', url: 'https://shop.example.com' });
  const issued = await callHttp(baseUrl, {
    method: 'POST',
    path: `/api/shops/${String(shop.shopId)}/widget-token`,
    headers: [['X-Shop-API-Key', String(shop.apiKey)]],
  });
  const calls: [number, string][] = [];
  for (let nth = 0; nth < 2; nth += 1) {
    const { status, text } = await callHttp(baseUrl, {
      path: '/api/widget/items',
      headers: [['X-Widget-Token', String(issued.json.token)]],
    });
    calls.push([status, text]);
  }
  return { calls, log };
}

const FROM_UPSTREAM = [200, '{"from":"upstream"}'];

test('without the option a private authority is not trusted', async () => {
  const { calls, log } = await callIn({}, upstream);
  expect(calls.map(([status]) => status)).toEqual([502, 502]);
  expect(log).toContain('"reason":"certificate"');
}, 60_000);

test('with the option its upstream answers, in a network that has no effect on one machine', async () => {
  const { calls } = await callIn({ upstreamVpc, upstreamCa: { secretArn } }, upstream, authority.cert);
  expect(calls).toEqual([FROM_UPSTREAM, FROM_UPSTREAM]);
}, 60_000);

test('one authority is trusted, not every private one', async () => {
  const { calls, log } = await callIn({ upstreamCa: { secretArn } }, strange, authority.cert);
  expect(calls.map(([status]) => status)).toEqual([502, 502]);
  expect(log).toContain('"reason":"certificate"');
}, 60_000);

test.each<[string, string | undefined, RegExp]>([
  ['is missing', undefined, /"errorName":"UpstreamCaError","causeName":"DependencyError"/],
  ['has no certificate', 'not a certificate', /"errorName":"UpstreamCaError"\}/],
  ['has a private key', 'KEY', /"errorName":"UpstreamCaError"\}/],
])(
  'no upstream is called, with 503 and a log line, while the secret %s',
  async (_what, pem, line) => {
    let connections = 0;
    const count = (): void => {
      connections += 1;
    };
    upstream.on('connection', count);
    const text = pem === 'KEY' ? `${authority.cert}${authority.issue('x.example.com').key}` : pem;
    const { calls, log } = await callIn({ upstreamCa: { secretArn } }, upstream, text);
    upstream.off('connection', count);
    expect([calls.map(([status]) => status), connections]).toEqual([[503, 503], 0]);
    expect(log).toMatch(line);
    expect(log).not.toMatch(/BEGIN|not a certificate/);
  },
  60_000,
);
