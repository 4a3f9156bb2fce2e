import { refused } from './failure.ts';

/** An IAM user's long-term access key. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The access key that every AWS tool of this person finds: from the environment, or a profile of ~/.aws. Throws `CliFailure`. */
export async function findAccessKey(profile: string | undefined): Promise<AccessKey> {
  // What a machine in the cloud has is a role's, and temporary: not worth the wait.
  process.env.AWS_EC2_METADATA_DISABLED = 'true';
  const { accessKeyId, secretAccessKey, sessionToken } = await resolve(profile);
  if (sessionToken !== undefined || !/^AKIA[A-Z2-7]{12,28}$/.test(accessKeyId))
    throw refused(
      'temporary_credentials',
      'These AWS credentials are temporary. Only the long-term access key of an IAM user (AKIA…) proves a user: choose one with --profile.',
    );
  return { accessKeyId, secretAccessKey };
}

async function resolve(profile: string | undefined) {
  // Loaded for a login only: other commands begin sooner without it.
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  try {
    return await defaultProvider(profile === undefined ? {} : { profile })();
  } catch (error) {
    throw refused(
      'no_aws_credentials',
      `No AWS credentials were found (${(error as Error).message}). Export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with --profile.`,
    );
  }
}
