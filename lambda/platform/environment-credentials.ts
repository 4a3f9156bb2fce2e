import type { AwsCredentialIdentityProvider } from '@aws-sdk/types';

/**
 * Credentials as Lambda gives them: in the environment. The build puts this in the place of the SDK's default provider chain, whose other
 * sources (profiles, SSO, web identity, instance metadata) a function never has, and which would be a fifth of a bundle.
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
