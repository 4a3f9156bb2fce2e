import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignatureV4 } from '@smithy/signature-v4';
import { adviceOn, stageConcurrency } from '#cli/doctor/concurrency.ts';
import { synthesize } from '#local/synthesize.ts';
import { type Asked, type FakeAnswer, type FakeGate, startFakeGate } from '../support/fake-gate.ts';
import { runMain } from '../support/run-main.ts';
import { synthesizeStage } from '../support/stacks.ts';

const limitOf = (concurrentExecutions: number) => ({ region: 'eu-west-1', concurrentExecutions });
const upstreams = { upstreamUrl: 'https://a.example.com', analyticsUpstreamUrl: 'https://b.example.com' };

test('the templates of a stage show which functions have an upstream, and what is reserved', () => {
  const read = (options: object) => {
    const { data, api } = synthesizeStage('prod', { production: true, ...options });
    return stageConcurrency([data, api].map((template) => template.toJSON() as never));
  };
  expect(read({})).toEqual({ forwarding: 0, bounded: 0, reserved: 0 });
  const reservedConcurrency = { widget: 50 };
  expect(read({ ...upstreams, reservedConcurrency })).toEqual({ forwarding: 2, bounded: 1, reserved: 50 });
});

const none = { forwarding: 0, bounded: 0, reserved: 0 };
const unbounded = { forwarding: 2, bounded: 0, reserved: 0 };
const partly = { forwarding: 2, bounded: 1, reserved: 50 };
const bounded = { forwarding: 2, bounded: 2, reserved: 70 };

test.each([
  ['no upstream, limit unknown', none, undefined, true, /^no function has an upstream/],
  [
    'an upstream, limit unknown',
    unbounded,
    undefined,
    true,
    /^2 of 2 functions .* needs a limit above 100; show it with/,
  ],
  ['a part reserved, limit unknown', partly, undefined, true, /limit must be 150 or more; .*1 of 2 functions/],
  ['all reserved, limit unknown', bounded, undefined, true, /reserves 70 executions, .* 170 or more; [^.]*$/],
  [
    'the starting limit',
    unbounded,
    limitOf(10),
    true,
    /is 10; .*: raise "Concurrent executions" .* above 100, then set/,
  ],
  ['a limit with room', unbounded, limitOf(1_000), true, /is 1000; .* circuit opens: set reservedConcurrency$/],
  ['a limit without room for it', partly, limitOf(149), false, /is 149, but the stage reserves 50 .* to 150 or more$/],
  ['a limit with room for a part', partly, limitOf(150), true, /is 150; .*: set reservedConcurrency$/],
  ['a limit with room for all', bounded, limitOf(170), true, /^the limit in eu-west-1 is 170; the stage reserves 70$/],
  ['no upstream and any limit', none, limitOf(10), true, /^the limit in eu-west-1 is 10; the stage reserves 0$/],
])('%s: says what it means and what to raise', (_case, stage, limit, ok, detail) => {
  expect(adviceOn(stage, limit)).toEqual({ ok, detail: expect.stringMatching(detail) });
});

class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Uint8Array);
  }
  update(data: string | Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

describe('widget-gate doctor --stage', () => {
  const [accessKeyId, secretAccessKey] = [`AKIA${'A'.repeat(16)}`, 'a-secret-access-key'];
  let directory: string;
  let gate: FakeGate;
  let aws: FakeGate;
  let settings: FakeAnswer;
  beforeAll(async () => {
    await synthesize('dev');
    directory = mkdtempSync(join(tmpdir(), 'widget-gate-doctor-'));
    const profile = `[deployer]\naws_access_key_id=${accessKeyId}\naws_secret_access_key=${secretAccessKey}\n`;
    writeFileSync(join(directory, 'credentials'), profile);
    gate = await startFakeGate(() => ({ status: 401, body: { code: 'unauthorized', message: 'm', requestId: 'r' } }));
    aws = await startFakeGate(() => settings);
  });
  afterAll(async () => {
    await Promise.all([gate.close(), aws.close()]);
    rmSync(directory, { recursive: true });
  });

  const run = (...more: string[]) =>
    runMain(['doctor', '--url', gate.baseUrl, '--json', ...more], {
      env: {
        AWS_SHARED_CREDENTIALS_FILE: join(directory, 'credentials'),
        AWS_CONFIG_FILE: join(directory, 'none'),
        AWS_ENDPOINT_URL_LAMBDA: aws.baseUrl,
        AWS_REGION: 'us-east-1',
        WIDGET_GATE_SESSION_FILE: join(directory, 'none'),
      },
    });
  const concurrencyIn = (stdout: string) =>
    (JSON.parse(stdout) as { checks: { name: string; ok: boolean; detail: string }[] }).checks.find(
      ({ name }) => name === 'concurrency',
    );

  /** The signature that the AWS SDK's own signer makes over what was asked. */
  async function signatureByAws({ headers }: Asked): Promise<string | undefined> {
    const { host = '', 'x-amz-date': date } = headers;
    const credentials = { accessKeyId, secretAccessKey };
    const signer = new SignatureV4({
      credentials,
      region: 'us-east-1',
      service: 'lambda',
      sha256: Sha256,
      applyChecksum: false,
    });
    const signingDate = new Date(String(date).replace(/^(....)(..)(..T..)(..)/, '$1-$2-$3:$4:'));
    const asked = { method: 'GET', protocol: 'http:', hostname: host, path: '/2016-08-19/account-settings/' };
    const signed = await signer.sign({ ...asked, headers: { host } }, { signingDate });
    return /Signature=([0-9a-f]{64})$/.exec(signed.headers.authorization ?? '')?.[1];
  }

  test('without a profile reads the template and asks AWS nothing', async () => {
    const found = concurrencyIn((await run('--stage', 'dev')).stdout);
    expect(found).toMatchObject({ ok: true, detail: expect.stringMatching(/^no function has an upstream/) });
    expect(aws.asked).toHaveLength(0);
  });

  test("with a profile asks Lambda for the account's limit, as the AWS SDK would sign it", async () => {
    settings = {
      status: 200,
      body: { AccountLimit: { ConcurrentExecutions: 10, UnreservedConcurrentExecutions: 10 } },
    };
    const found = concurrencyIn((await run('--stage', 'dev', '--profile', 'deployer')).stdout);
    expect(found).toMatchObject({ ok: true, detail: 'the limit in us-east-1 is 10; the stage reserves 0' });
    const asked = aws.asked.at(-1) as Asked;
    expect(asked.call).toBe('GET /2016-08-19/account-settings/');
    const sent = /Signature=([0-9a-f]{64})$/.exec(asked.headers.authorization ?? '')?.[1];
    expect(asked.headers.authorization).toContain(`Credential=${accessKeyId}/`);
    expect(sent).toBe(await signatureByAws(asked));
    expect(JSON.stringify(aws.asked)).not.toContain(secretAccessKey);
  });

  test.each<[string, FakeAnswer]>([
    ['a refusal', { status: 403, body: { Message: 'not authorized' } }],
    ['another shape', { status: 200, body: { AccountLimit: {} } }],
    ['a page', { status: 200, body: '<h1>' }],
  ])('fails the check on %s of AWS, and names the permission', async (_what, answer) => {
    settings = answer;
    const { code, stdout } = await run('--stage', 'dev', '--profile', 'deployer');
    expect(code).toBe(1);
    expect(concurrencyIn(stdout)).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/to profile "deployer" .*it needs lambda:GetAccountSettings\.$/),
    });
  });

  test('fails the check for a stage that was never synthesized, and for an unknown profile', async () => {
    expect(concurrencyIn((await run('--stage', 'nosuch')).stdout)).toMatchObject({ ok: false });
    expect(concurrencyIn((await run('--stage', 'dev', '--profile', 'nosuch')).stdout)).toMatchObject({ ok: false });
  });

  test('refuses a profile without a stage', async () => {
    expect((await run('--profile', 'deployer')).code).toBe(2);
  });
});
