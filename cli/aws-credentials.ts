import { readProfile } from './aws-profile.ts';
import { refused } from './failure.ts';
import { accessKeyOf, type FoundAccessKey, temporary } from './profile-access-key.ts';

/** An IAM user's long-term access key. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * The long-term access key that the AWS tools of this person use: of the profile that is named, else of the environment, else of AWS_PROFILE
 * or the default profile. Other sources of AWS credentials give temporary ones, which prove no user. Throws `CliFailure`.
 */
export async function findAccessKey(profile: string | undefined): Promise<AccessKey> {
  const { accessKeyId, secretAccessKey, sessionToken, source } = await find(profile);
  // A copied key often ends in a blank or in the CR of a Windows line; no access key has one.
  const [id, secret] = [accessKeyId.trim(), secretAccessKey.trim()];
  if (/^ASIA/.test(id) || (sessionToken !== '' && !/^AKIA/.test(id)))
    throw temporary(`The access key of ${source} is temporary`);
  if (sessionToken !== '')
    throw temporary(
      `The access key of ${source} has a session token beside it`,
      'If that is left over, remove it (unset AWS_SESSION_TOKEN, or aws_session_token in the profile). Otherwise choose the long-term access key (AKIA…) of an IAM user with --profile.',
    );
  if (!/^AKIA[A-Z0-9]{12,28}$/.test(id))
    throw refused(
      'malformed_access_key',
      `The access key id of ${source} is not one: an access key id is AKIA and 16 capital letters and digits, without quotes. Copy it again.`,
    );
  if (!/^[\x21-\x7e]+$/.test(secret) || /["']/.test(secret))
    throw refused(
      'malformed_access_key',
      `The secret access key of ${source} has a blank, a quote or a character that no such key has. Copy it again.`,
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
  const named = env('AWS_PROFILE');
  if (named !== '') return accessKeyOf(named);
  if (readProfile('default') !== undefined) return accessKeyOf('default');
  const machine = [
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  ];
  const given = machine.find((name) => env(name) !== '');
  if (given !== undefined) throw temporary(`The credentials of this machine (${given}) are a role's and temporary`);
  throw refused(
    'no_aws_credentials',
    'No AWS credentials were found. Export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with --profile.',
  );
}
