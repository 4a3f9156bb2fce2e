import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AccessKey, findAccessKey } from '#cli/aws-credentials.ts';
import { CliFailure } from '#cli/failure.ts';

const KEY = { accessKeyId: `AKIA${'0189'.repeat(4)}`, secretAccessKey: 'neverToBeSeen/+0123456789' };
const ID = KEY.accessKeyId;
const SECRET = KEY.secretAccessKey;
const environment = { AWS_ACCESS_KEY_ID: ID, AWS_SECRET_ACCESS_KEY: SECRET };
const keyLines = `aws_access_key_id = ${ID}\naws_secret_access_key = ${SECRET}\n`;

let directory: string;
const before = process.env;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'widget-gate-aws-'));
});
afterEach(() => {
  process.env = before;
  rmSync(directory, { recursive: true, force: true });
});

interface Machine {
  readonly env?: Readonly<Record<string, string>>;
  readonly config?: string;
  readonly credentials?: string;
}

function find({ env = {}, config, credentials }: Machine, profile?: string): Promise<AccessKey> {
  const files = {
    AWS_CONFIG_FILE: join(directory, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(directory, 'credentials'),
  };
  if (config !== undefined) writeFileSync(files.AWS_CONFIG_FILE, config);
  if (credentials !== undefined) writeFileSync(files.AWS_SHARED_CREDENTIALS_FILE, credentials);
  process.env = { PATH: before.PATH, DIRECTORY: directory, ...files, ...env };
  return findAccessKey(profile);
}

describe('finds a long-term access key', () => {
  test.each<[string, Machine, string | undefined]>([
    ['in the environment', { env: environment }, undefined],
    ['whose id has 0, 1, 8 and 9', { env: environment }, undefined],
    ['with a blank behind the id', { env: { ...environment, AWS_ACCESS_KEY_ID: `${ID} ` } }, undefined],
    [
      'with a CR behind both',
      { env: { AWS_ACCESS_KEY_ID: `${ID}\r`, AWS_SECRET_ACCESS_KEY: `${SECRET}\r` } },
      undefined,
    ],
    ['beside an empty session token', { env: { ...environment, AWS_SESSION_TOKEN: '' } }, undefined],
    ['in the environment before AWS_PROFILE', { env: { ...environment, AWS_PROFILE: 'none' } }, undefined],
    ['in the default profile', { credentials: `[default]\n${keyLines}` }, undefined],
    [
      'with a comment behind a setting',
      {
        credentials: `[default]\naws_access_key_id = ${ID} # of the robot\naws_secret_access_key = ${SECRET} ; secret\n`,
      },
      undefined,
    ],
    [
      'in the profile that AWS_DEFAULT_PROFILE names, not in the default one',
      { env: { AWS_DEFAULT_PROFILE: 'a' }, config: `[default]\naws_access_key_id = x\n[profile a]\n${keyLines}` },
      undefined,
    ],
    [
      'in the profile that AWS_PROFILE names, whatever AWS_DEFAULT_PROFILE names',
      { env: { AWS_PROFILE: 'a', AWS_DEFAULT_PROFILE: 'none' }, config: `[profile a]\n${keyLines}` },
      undefined,
    ],
    [
      'in the profile that AWS_DEFAULT_PROFILE names where AWS_PROFILE is empty',
      { env: { AWS_PROFILE: ' ', AWS_DEFAULT_PROFILE: 'a' }, config: `[profile a]\n${keyLines}` },
      undefined,
    ],
    [
      'in the environment before AWS_DEFAULT_PROFILE',
      { env: { ...environment, AWS_DEFAULT_PROFILE: 'none' } },
      undefined,
    ],
    [
      'in the profile that AWS_PROFILE names',
      { env: { AWS_PROFILE: 'a' }, config: `[profile a]\n${keyLines}` },
      undefined,
    ],
    [
      'in the profile that is named, before the environment',
      {
        env: { AWS_ACCESS_KEY_ID: `AKIA${'B'.repeat(16)}`, AWS_SECRET_ACCESS_KEY: 'other' },
        credentials: `# mine\n[b]\r\n[a]\r\n${keyLines.replaceAll('\n', '\r\n')}`,
      },
      'a',
    ],
    [
      'in a profile of both files, the credentials file first',
      {
        config: '[profile a]\nregion = eu-west-1\naws_access_key_id = AKIAOLD\ns3 =\n  max_concurrent_requests = 20\n',
        credentials: `[a]\n${keyLines}`,
      },
      'a',
    ],
    [
      'by a credential_process',
      {
        config: `[profile a]\ncredential_process = echo '{"Version":1,"AccessKeyId":"${ID}","SecretAccessKey":"${SECRET}"}'\n`,
      },
      'a',
    ],
  ])('%s', async (_where, machine, profile) => {
    expect(await find(machine, profile)).toEqual(KEY);
  });
});

const process_ = (output: object | string): Machine => ({
  config: `[profile a]\ncredential_process = echo '${typeof output === 'string' ? output : JSON.stringify(output)}'\n`,
});
const printed = { Version: 1, AccessKeyId: ID, SecretAccessKey: SECRET };

describe('refuses with a sentence that says what to do', () => {
  test.each<[string, Machine, string | undefined, string, RegExp]>([
    ['nothing', {}, undefined, 'no_aws_credentials', /^No AWS credentials were found\. Export AWS_ACCESS_KEY_ID and/],
    [
      'an id without a secret',
      { env: { AWS_ACCESS_KEY_ID: ID } },
      undefined,
      'no_aws_credentials',
      /AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not/,
    ],
    [
      'a secret without an id',
      { env: { AWS_SECRET_ACCESS_KEY: SECRET } },
      undefined,
      'no_aws_credentials',
      /AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not/,
    ],
    [
      'an id in quotes',
      { env: { ...environment, AWS_ACCESS_KEY_ID: `"${ID}"` } },
      undefined,
      'malformed_access_key',
      /id of the environment is malformed: .*without quotes/,
    ],
    [
      'a secret with a blank inside',
      { env: { ...environment, AWS_SECRET_ACCESS_KEY: 'neverToBeSeen x' } },
      undefined,
      'malformed_access_key',
      /secret access key of the environment contains a space/,
    ],
    [
      'a temporary key',
      { env: { ...environment, AWS_ACCESS_KEY_ID: `ASIA${'A'.repeat(16)}`, AWS_SESSION_TOKEN: 'neverToBeSeen' } },
      undefined,
      'temporary_credentials',
      /key of the environment is temporary, .*--profile/,
    ],
    [
      'a session token that is left over',
      { env: { ...environment, AWS_SESSION_TOKEN: 'neverToBeSeen' } },
      undefined,
      'temporary_credentials',
      /key of the environment comes with a session token, .*unset AWS_SESSION_TOKEN/,
    ],
    [
      'a profile that is missing',
      { config: '[profile b]\nregion = x\n', credentials: '[c]\n' },
      'a',
      'no_aws_profile',
      /^The AWS profile "a" does not exist\. Configured profiles: b, c\. /,
    ],
    ['a profile where there is none', {}, 'a', 'no_aws_profile', /No profile is configured\./],
    ['AWS_DEFAULT_PROFILE that is missing', { env: { AWS_DEFAULT_PROFILE: 'a' } }, undefined, 'no_aws_profile', /"a"/],
    ['AWS_PROFILE that is missing', { env: { AWS_PROFILE: 'a' } }, undefined, 'no_aws_profile', /"a"/],
    [
      'a profile with a region alone',
      { config: '[profile a]\nregion = eu-west-1\n' },
      'a',
      'no_aws_credentials',
      /Profile "a" has no access key/,
    ],
    [
      'a profile with half a key',
      { credentials: `[a]\naws_access_key_id = ${ID}\n` },
      'a',
      'no_aws_credentials',
      /only one of aws_access_key_id and/,
    ],
    [
      'a profile with a session token',
      { credentials: `[a]\n${keyLines}aws_session_token = neverToBeSeen\n` },
      'a',
      'temporary_credentials',
      /profile "a" comes with a session token/,
    ],
    [
      'an SSO profile',
      { config: '[profile a]\nregion = x\nsso_session = s\nsso_account_id = 1\n[sso-session s]\nsso_region = x\n' },
      'a',
      'temporary_credentials',
      /IAM Identity Center \(SSO\)/,
    ],
    [
      'a role profile',
      { config: '[profile a]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = me\n' },
      'a',
      'temporary_credentials',
      /assumes the role arn:aws:iam::1:role\/r, .*Select the user's own profile: --profile me/,
    ],
    [
      'a role profile of a machine',
      { config: '[profile a]\nrole_arn = r\ncredential_source = Environment\n' },
      'a',
      'temporary_credentials',
      /assumes the role r, .*AKIA/,
    ],
    [
      'a web identity profile',
      { config: '[profile a]\nrole_arn = r\nweb_identity_token_file = /t\n' },
      'a',
      'temporary_credentials',
      /web identity/,
    ],
    [
      'a profile of "aws login"',
      { config: '[profile a]\nlogin_session = s\n' },
      'a',
      'temporary_credentials',
      /"aws login"/,
    ],
    [
      'a web identity in the environment',
      { env: { AWS_WEB_IDENTITY_TOKEN_FILE: '/t', AWS_ROLE_ARN: 'r' } },
      undefined,
      'temporary_credentials',
      /AWS_WEB_IDENTITY_TOKEN_FILE\) are temporary/,
    ],
    [
      'a container role',
      { env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://x' } },
      undefined,
      'temporary_credentials',
      /AWS_CONTAINER_CREDENTIALS_FULL_URI/,
    ],
    [
      'a line that is not a setting',
      { credentials: `[a]\n${keyLines}neverToBeSeen\n` },
      'a',
      'malformed_aws_file',
      /^Line 4 of .*credentials is neither a/,
    ],
    [
      'a setting before any section',
      { config: keyLines },
      'a',
      'malformed_aws_file',
      /^Line 1 of .*config is neither a/,
    ],
    [
      'a process that fails',
      { config: '[profile a]\ncredential_process = echo neverToBeSeen >&2; exit 7\n' },
      'a',
      'credential_process_failed',
      /^The credential_process of profile "a" failed with exit code 7\. Run it/,
    ],
    [
      'a process that does not exist',
      { config: '[profile a]\ncredential_process = /nonexistent/neverToBeSeen\n' },
      'a',
      'credential_process_failed',
      /exit code 127/,
    ],
    [
      'a process that prints no JSON',
      process_('neverToBeSeen'),
      'a',
      'credential_process_failed',
      /did not print the JSON object that AWS defines/,
    ],
    [
      'a process that prints another version',
      process_({ ...printed, Version: 2 }),
      'a',
      'credential_process_failed',
      /did not print/,
    ],
    [
      'a process that prints expired keys',
      process_({ ...printed, Expiration: '2020-01-01T00:00:00Z' }),
      'a',
      'expired_credentials',
      /have expired\. Renew them/,
    ],
    [
      'a process that prints temporary keys',
      process_({ ...printed, AccessKeyId: `ASIA${'A'.repeat(16)}`, SessionToken: 'neverToBeSeen' }),
      'a',
      'temporary_credentials',
      /profile "a"'s credential_process is temporary/,
    ],
  ])('%s', async (_what, machine, profile, code, message) => {
    const failure = await find(machine, profile).catch((error: unknown) => error);
    if (!(failure instanceof CliFailure)) throw new Error(`not refused: ${String(failure)}`);
    expect([failure.code, failure.message]).toEqual([code, expect.stringMatching(message)]);
    expect(failure.message).not.toMatch(/neverToBeSeen|0189/);
  });

  test('a file that cannot be read', async () => {
    process.env = { AWS_CONFIG_FILE: directory, AWS_SHARED_CREDENTIALS_FILE: '/nonexistent' };
    await expect(findAccessKey('a')).rejects.toMatchObject({ code: 'unreadable_aws_file' });
  });
});

test('runs a credential_process once, also when it fails', async () => {
  const machine = { config: '[profile a]\ncredential_process = echo ran >> $DIRECTORY/runs; exit 1\n' };
  await expect(find(machine, 'a')).rejects.toMatchObject({ code: 'credential_process_failed' });
  expect(readFileSync(join(directory, 'runs'), 'utf8')).toBe('ran\n');
});
