import type { AwsCredentialIdentityProvider } from '@aws-sdk/types';

/**
 * Credentials from the environment, as Lambda provides them. The build replaces the SDK's default provider chain with this. The other
 * sources of that chain (profiles, SSO, web identity, instance metadata) never exist in a function, and would be a fifth of a bundle.
 */
export const defaultProvider = (): AwsCredentialIdentityProvider => async () => {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = process.env;
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new Error('the environment has no AWS credentials');
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
};
