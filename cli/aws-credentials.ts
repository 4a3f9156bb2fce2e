import { exec } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type CliFailure, refused } from './failure.ts';

/** The settings of one profile, by lower-case name. */
export type Settings = ReadonlyMap<string, string>;

/** Profiles by name. */
type Profiles = ReadonlyMap<string, Settings>;

const home = (): string => process.env.HOME || homedir();

/** The files in which the AWS tools keep profiles. */
const files = (): { readonly config: string; readonly credentials: string } => ({
  config: process.env.AWS_CONFIG_FILE || join(home(), '.aws/config'),
  credentials: process.env.AWS_SHARED_CREDENTIALS_FILE || join(home(), '.aws/credentials'),
});

/**
 * Reads a profile of ~/.aws/config and ~/.aws/credentials; the latter has precedence. Undefined: neither file contains it. Throws
 * `CliFailure`.
 */
function readProfile(name: string): Settings | undefined {
  const { config, credentials } = files();
  const inConfig = readProfiles(config, (title) => (title === 'default' ? title : /^profile\s+(.+)$/.exec(title)?.[1]));
  const inCredentials = readProfiles(credentials, (title) => title);
  const found = [inConfig.get(name), inCredentials.get(name)].filter((settings) => settings !== undefined);
  return found.length === 0 ? undefined : new Map(found.flatMap((settings) => [...settings]));
}

/** The names of all profiles. Throws `CliFailure`. */
function profileNames(): string[] {
  const { config, credentials } = files();
  const inConfig = readProfiles(config, (title) => (title === 'default' ? title : /^profile\s+(.+)$/.exec(title)?.[1]));
  return [...new Set([...inConfig.keys(), ...readProfiles(credentials, (title) => title).keys()])].sort();
}

function readProfiles(file: string, nameOf: (title: string) => string | undefined): Profiles {
  const profiles = new Map<string, Map<string, string>>();
  let current: Map<string, string> | undefined;
  for (const [at, line] of linesOf(file).entries()) {
    const [, title] = /^\s*\[([^\]]+)\]\s*([#;].*)?$/.exec(line) ?? [];
    if (title !== undefined) {
      const name = nameOf(title.trim().replaceAll(/["']/g, ''));
      current = new Map(name === undefined ? [] : profiles.get(name));
      if (name !== undefined) profiles.set(name, current);
      continue;
    }
    // A line that begins with a space belongs to a nested setting.
    if (/^\s*([#;]|$)/.test(line) || /^\s/.test(line)) continue;
    const [, key, value] = /^([^=\s]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    // Its text is not repeated: it may be a secret.
    if (key === undefined || current === undefined)
      throw refused(
        'malformed_aws_file',
        `Line ${at + 1} of ${file} is neither a [section] nor a setting such as "region = eu-west-1" in one: correct it.`,
      );
    current.set(key.toLowerCase(), (value as string).replace(/\s[#;].*$/, ''));
  }
  return profiles;
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw refused('unreadable_aws_file', `${file} cannot be read (${code}): correct its permissions.`);
  }
}

/** The output of a `credential_process`; missing members are empty. */
export interface ProcessCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

const TIMEOUT_MILLISECONDS = 120_000;

/**
 * Runs a profile's `credential_process`, once. Its output, including stderr, is never repeated, because it may contain secrets. Throws
 * `CliFailure`.
 */
async function runCredentialProcess(profile: string, command: string): Promise<ProcessCredentials> {
  const { code, signal, stdout } = await run(command);
  const whose = `The credential_process of profile "${profile}"`;
  if (signal !== null) throw failed(`${whose} was ended by ${signal}, after ${TIMEOUT_MILLISECONDS / 1_000} s at most`);
  if (code !== 0) throw failed(`${whose} failed with exit code ${code}. Run it separately to see why`);
  const answer = parse(stdout);
  if (answer === undefined || answer.Version !== 1 || !answer.AccessKeyId || !answer.SecretAccessKey)
    throw failed(`${whose} did not print the JSON object that AWS defines (Version 1, AccessKeyId, SecretAccessKey)`);
  const expiresAt = answer.Expiration === undefined ? Number.POSITIVE_INFINITY : Date.parse(String(answer.Expiration));
  if (Number.isNaN(expiresAt) || expiresAt <= Date.now())
    throw failed(`${whose} printed credentials that have expired. Renew them`, 'expired_credentials');
  return {
    accessKeyId: String(answer.AccessKeyId),
    secretAccessKey: String(answer.SecretAccessKey),
    sessionToken: String(answer.SessionToken ?? ''),
  };
}

const failed = (sentence: string, code = 'credential_process_failed'): Error =>
  refused(code, `${sentence}, or select another profile with --profile.`);

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
}

function run(command: string): Promise<Ended> {
  return new Promise((resolve) => {
    const child = exec(command, { timeout: TIMEOUT_MILLISECONDS, env: process.env }, (error, stdout) => {
      const code = error === null ? 0 : (child.exitCode ?? 1);
      resolve({ code, signal: child.signalCode, stdout });
    });
  });
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** An access key as it was found, unchecked; `source` names its location. */
export interface FoundAccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly source: string;
}

const CHOOSE = 'Select the long-term access key (AKIA…) of an IAM user with --profile.';

/** The access key of a profile of any kind. Throws `CliFailure`. */
export async function accessKeyOf(name: string): Promise<FoundAccessKey> {
  const settings = readProfile(name);
  if (settings === undefined) throw noProfile(name);
  const get = (key: string): string => settings.get(key) ?? '';
  const source = `profile "${name}"`;
  const [accessKeyId, secretAccessKey] = [get('aws_access_key_id'), get('aws_secret_access_key')];
  if (accessKeyId !== '' && secretAccessKey !== '')
    return { accessKeyId, secretAccessKey, sessionToken: get('aws_session_token'), source };
  if (accessKeyId !== '' || secretAccessKey !== '')
    throw refused(
      'no_aws_credentials',
      `Profile "${name}" has only one of aws_access_key_id and aws_secret_access_key: add the other.`,
    );
  const process = get('credential_process');
  if (process !== '')
    return { ...(await runCredentialProcess(name, process)), source: `${source}'s credential_process` };
  throw temporaryProfile(name, settings);
}

function temporaryProfile(name: string, settings: Settings): CliFailure {
  const role = settings.get('role_arn');
  const user = settings.get('source_profile');
  if (settings.has('web_identity_token_file'))
    return temporary(`Profile "${name}" uses a web identity, whose credentials are temporary`);
  if (role !== undefined)
    return temporary(
      `Profile "${name}" assumes the role ${role}, whose credentials are temporary`,
      user === undefined ? CHOOSE : `Select the user's own profile: --profile ${user}`,
    );
  if ([...settings.keys()].some((key) => key.startsWith('sso_')))
    return temporary(`Profile "${name}" logs in through IAM Identity Center (SSO), whose credentials are temporary`);
  if (settings.has('login_session'))
    return temporary(`Profile "${name}" comes from "aws login", whose credentials are temporary`);
  return refused('no_aws_credentials', `Profile "${name}" has no access key. ${CHOOSE}`);
}

function noProfile(name: string): CliFailure {
  const names = profileNames();
  const known =
    names.length === 0 ? 'No profile is configured.' : `Configured profiles: ${names.slice(0, 20).join(', ')}.`;
  return refused('no_aws_profile', `The AWS profile "${name}" does not exist. ${known} Specify one with --profile.`);
}

/** Temporary credentials, which do not prove a user. */
const temporary = (sentence: string, remedy = CHOOSE): CliFailure =>
  refused('temporary_credentials', `${sentence}, and temporary credentials do not prove an IAM user. ${remedy}`);

/** An IAM user's long-term access key. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * The user's long-term access key in the AWS tools: from the specified profile, otherwise from the environment, otherwise from AWS_PROFILE,
 * AWS_DEFAULT_PROFILE or the default profile, in the order of AWS CLI 2 and the CDK. Other sources of AWS credentials provide temporary
 * ones, which do not prove a user. Throws `CliFailure`.
 */
export async function findAccessKey(profile: string | undefined): Promise<AccessKey> {
  const { accessKeyId, secretAccessKey, sessionToken, source } = await find(profile);
  // A copied key often ends in a space or in the CR of a Windows line; no access key contains one.
  const [id, secret] = [accessKeyId.trim(), secretAccessKey.trim()];
  if (/^ASIA/.test(id) || (sessionToken !== '' && !/^AKIA/.test(id)))
    throw temporary(`The access key of ${source} is temporary`);
  if (sessionToken !== '')
    throw temporary(
      `The access key of ${source} comes with a session token`,
      'If that is left over, remove it (unset AWS_SESSION_TOKEN, or aws_session_token in the profile). Otherwise select the long-term access key (AKIA…) of an IAM user with --profile.',
    );
  if (!/^AKIA[A-Z0-9]{12,28}$/.test(id))
    throw refused(
      'malformed_access_key',
      `The access key id of ${source} is malformed: an access key id is AKIA and 16 capital letters and digits, without quotes. Copy it again.`,
    );
  if (!/^[\x21-\x7e]+$/.test(secret) || /["']/.test(secret))
    throw refused(
      'malformed_access_key',
      `The secret access key of ${source} contains a space, a quote or another character that secret access keys never contain. Copy it again.`,
    );
  return { accessKeyId: id, secretAccessKey: secret };
}

async function find(profile: string | undefined): Promise<FoundAccessKey> {
  if (profile !== undefined) return accessKeyOf(profile);
  const env = (name: string): string => process.env[name]?.trim() ?? '';
  const [accessKeyId, secretAccessKey] = [env('AWS_ACCESS_KEY_ID'), env('AWS_SECRET_ACCESS_KEY')];
  if (accessKeyId !== '' && secretAccessKey !== '')
    return { accessKeyId, secretAccessKey, sessionToken: env('AWS_SESSION_TOKEN'), source: 'the environment' };
  if (accessKeyId !== '' || secretAccessKey !== '') {
    const [set, missing] = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'].sort(
      (a, b) => Number(env(a) === '') - Number(env(b) === ''),
    );
    throw refused('no_aws_credentials', `${set} is set, but ${missing} is not: export both.`);
  }
  const named = env('AWS_PROFILE') || env('AWS_DEFAULT_PROFILE');
  if (named !== '') return accessKeyOf(named);
  if (readProfile('default') !== undefined) return accessKeyOf('default');
  const machine = [
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  ];
  const given = machine.find((name) => env(name) !== '');
  if (given !== undefined) throw temporary(`The credentials of this machine (${given}) are temporary`);
  throw refused(
    'no_aws_credentials',
    'No AWS credentials were found. Export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or specify a profile with --profile.',
  );
}
