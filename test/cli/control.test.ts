import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startControl } from '#bin/start/control.ts';
import { callHttp, type HttpCall } from '../support/http.ts';
import { type LocalProcess, startLocal } from '../support/local-process.ts';

interface ControlFile {
  readonly address: string;
  readonly secret: string;
  readonly baseUrl: string;
}

let directory: string;
let gate: LocalProcess;
let control: ControlFile;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'widget-gate-control-'));
  gate = await startLocal('--data-dir', directory);
  control = JSON.parse(readFileSync(join(directory, 'control.json'), 'utf8')) as ControlFile;
});
afterAll(async () => {
  await gate.end('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

const bearer = (): [string, string] => ['Authorization', `Bearer ${control.secret}`];
const call = (request: HttpCall) => callHttp(control.address, { headers: [bearer()], ...request });
const iam = (body: object | string) =>
  call({ method: 'POST', path: '/iam', body: typeof body === 'string' ? body : JSON.stringify(body) });

test('its file shows address, secret and base URL only to its owner', () => {
  expect(control).toEqual({
    address: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    secret: expect.stringMatching(/^[\w-]{43}$/),
    baseUrl: gate.announcement.baseUrl,
    stage: 'dev',
  });
  expect(statSync(join(directory, 'control.json')).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory)).not.toContain('control.json.new');
});

/** The status of a call with the secret and this Host header. */
const statusForHost = (port: number, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const headers = { Host: host, Authorization: bearer()[1] };
    const sent = request({ host: '127.0.0.1', port, path: '/faults', headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.on('error', reject);
    sent.end();
  });

describe('refuses', () => {
  test.each<[string, () => [string, string][]]>([
    ['no secret', () => []],
    ['another secret', () => [['Authorization', `Bearer ${'a'.repeat(43)}`]]],
    ['a secret cut short', () => [['Authorization', bearer()[1].slice(0, -1)]]],
    ['another scheme', () => [['Authorization', `Basic ${control.secret}`]]],
    ['the secret twice', () => [bearer(), bearer()]],
  ])('%s with 401', async (_what, headers) => {
    const answer = await call({ path: '/faults', headers: headers() });
    expect([answer.status, answer.json.code]).toEqual([401, 'unauthorized']);
  });

  test.each(['https://evil.example', 'null', 'http://127.0.0.1'])('the origin %s with 403', async (origin) => {
    const answer = await call({ path: '/faults', headers: [bearer(), ['Origin', origin]] });
    expect([answer.status, answer.json.code]).toEqual([403, 'foreign_origin']);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test.each(['evil.example', 'localhost', '127.0.0.1'])(
    'the host %s with 403, as DNS rebinding sends it',
    async (name) => {
      const { port } = new URL(control.address);
      const host = name === '127.0.0.1' ? name : `${name}:${port}`;
      expect(await statusForHost(Number(port), host)).toBe(403);
    },
  );

  test('the host twice with 403', async () => {
    const answer = await call({ path: '/faults', headers: [bearer(), ['Host', new URL(control.address).host]] });
    expect([400, 403]).toContain(answer.status);
  });

  test.each([
    ['GET', '/'],
    ['POST', '/faults'],
    ['OPTIONS', '/faults'],
    ['GET', '/iam'],
    ['POST', '/invoke/shop-admin'],
    ['POST', '/invoke/token-issuer'],
    ['GET', '/faults?x'],
  ])('%s %s with 404', async (method, path) => {
    expect((await call({ method, path })).status).toBe(404);
  });

  test.each(['{', '[]', '{}', '{"faults":1}', '{"faults":"","more":1}', 'null', ''])(
    'the faults %j with 400',
    async (body) => {
      const answer = await call({ method: 'PUT', path: '/faults', body });
      expect([answer.status, answer.json.code]).toEqual([400, 'invalid_request']);
    },
  );

  test('a wrong specification with 400 and what is wrong', async () => {
    const answer = await call({ method: 'PUT', path: '/faults', body: '{"faults":"s3:down"}' });
    expect([answer.status, answer.json]).toEqual([
      400,
      { code: 'invalid_faults', message: expect.stringMatching(/"s3:down" is wrong; write each service once/) },
    ]);
  });

  test('a body over 64 KiB with 413, and takes one of 64 KiB', async () => {
    const body = (bytes: number): string => `{"action":"list","more":"${'x'.repeat(bytes - 27)}"}`;
    expect((await iam(body(65_536))).status).toBe(200);
    expect((await iam(body(65_537))).status).toBe(413);
  });
});

describe('the local IAM', () => {
  test('makes a user, gives it a key, renames it, puts it into the group and out, and deletes it', async () => {
    const created = await iam({ action: 'create-user', userName: 'dave' });
    expect([created.status, created.json]).toEqual([
      200,
      {
        userName: 'dave',
        userId: expect.stringMatching(/^AIDA/),
        arn: 'arn:aws:iam::000000000000:user/dave',
        createdAt: expect.any(Number),
      },
    ]);
    expect(created.headers['cache-control']).toEqual(['no-store']);
    const { accessKeyId } = (await iam({ action: 'create-key', userName: 'dave' })).json;
    expect(accessKeyId).toMatch(/^AKIA/);
    expect((await iam({ action: 'rename-user', userName: 'dave', newName: 'erin' })).json).toEqual({});
    const { group } = gate.announcement.admin;
    expect((await iam({ action: 'add-to-group', userName: 'erin' })).json).toEqual({ group });
    const listed = async () => {
      const { users } = (await iam({ action: 'list' })).json as {
        users: { userName: string; isAdministrator: boolean }[];
      };
      return users.find(({ userName }) => userName === 'erin')?.isAdministrator;
    };
    expect(await listed()).toBe(true);
    expect((await iam({ action: 'remove-from-group', userName: 'erin' })).json).toEqual({ group });
    expect(await listed()).toBe(false);
    expect((await iam({ action: 'delete-key', accessKeyId })).json).toEqual({});
    expect((await iam({ action: 'delete-key', accessKeyId })).status).toBe(409);
    expect((await iam({ action: 'delete-user', userName: 'erin' })).json).toEqual({});
    expect(await listed()).toBeUndefined();
  });

  test.each<[object | string, number, RegExp]>([
    ['', 400, /"action": list, create-user/],
    ['[]', 400, /"action"/],
    [{}, 400, /"action"/],
    [{ action: 'constructor' }, 400, /"action"/],
    [{ action: 'create-user' }, 409, /no text "userName"/],
    [{ action: 'create-user', userName: ['x'] }, 409, /no text "userName"/],
    [{ action: 'create-user', userName: 'a/b' }, 409, /not an IAM user name/],
    [{ action: 'create-user', userName: 'Demo-Admin' }, 409, /exists already/],
    [{ action: 'rename-user', userName: 'demo-outsider', newName: 'demo-admin' }, 409, /exists already/],
    [{ action: 'delete-user', userName: 'nobody' }, 409, /no IAM user nobody/],
    [{ action: 'add-to-group', userName: 'nobody' }, 409, /no IAM user nobody/],
  ])('refuses %j with %d', async (body, status, message) => {
    const answer = await iam(body);
    expect([answer.status, answer.json.message]).toEqual([status, expect.stringMatching(message)]);
  });
});

test('faults are shown as they were set', async () => {
  const faults = 'dynamodb:error=0.05,delay=800ms;secretsmanager:hang';
  const set = await call({ method: 'PUT', path: '/faults', body: JSON.stringify({ faults }) });
  expect([set.status, set.json]).toEqual([200, { faults }]);
  expect((await call({ path: '/faults' })).json).toEqual({ faults });
  await call({ method: 'PUT', path: '/faults', body: '{"faults":""}' });
  expect((await call({ path: '/faults' })).json).toEqual({ faults: '' });
});

test('the secret is in no output, and its file is gone after SIGTERM', async () => {
  expect(await gate.end('SIGTERM')).toBe(0);
  expect(existsSync(join(directory, 'control.json'))).toBe(false);
  expect(gate.stdout() + gate.stderr()).not.toContain(control.secret);
});

test('it refuses to run inside Lambda, where it would be a back door', async () => {
  process.env.AWS_LAMBDA_FUNCTION_NAME = 'any';
  await expect(startControl({} as never, directory, 'dev')).rejects.toThrow('does not run inside Lambda');
  delete process.env.AWS_LAMBDA_FUNCTION_NAME;
});
