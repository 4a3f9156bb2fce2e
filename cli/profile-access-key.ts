import { profileNames, readProfile, type Settings } from './aws-profile.ts';
import { runCredentialProcess } from './credential-process.ts';
import { type CliFailure, refused } from './failure.ts';

/** An access key as it was found, unchecked; `source` says where. */
export interface FoundAccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly source: string;
}

const CHOOSE = 'Choose the long-term access key (AKIA…) of an IAM user with --profile.';

/** The access key of a profile, whatever kind of profile it is. Throws `CliFailure`. */
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
      user === undefined ? CHOOSE : `Choose the user's own profile: --profile ${user}`,
    );
  if ([...settings.keys()].some((key) => key.startsWith('sso_')))
    return temporary(`Profile "${name}" logs in through IAM Identity Center (SSO), whose credentials are temporary`);
  if (settings.has('login_session'))
    return temporary(`Profile "${name}" comes from "aws login", whose credentials are temporary`);
  return refused('no_aws_credentials', `Profile "${name}" has no access key. ${CHOOSE}`);
}

function noProfile(name: string): CliFailure {
  const names = profileNames();
  const known = names.length === 0 ? 'There is no profile at all.' : `There are: ${names.slice(0, 20).join(', ')}.`;
  return refused('no_aws_profile', `There is no AWS profile "${name}". ${known} Name one with --profile.`);
}

/** Temporary credentials, which prove no user. */
export const temporary = (sentence: string, remedy = CHOOSE): CliFailure =>
  refused('temporary_credentials', `${sentence}, and temporary credentials do not prove an IAM user. ${remedy}`);
