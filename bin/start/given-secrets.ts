import { readFileSync } from 'node:fs';
import type { Deployment } from '#local/model.ts';
import { OptionError, type SecretFile } from './options.ts';

/** A deployment with secrets that its stage only names, because they are made elsewhere: by ARN, each with the text of a file. Throws `OptionError`. */
export function withSecrets(deployment: Deployment, files: readonly SecretFile[]): Deployment {
  const given = files.map(({ arn, file }) => {
    const name = /:secret:(.+)-\w{6}$/.exec(arn)?.[1] ?? arn;
    return {
      logicalId: name,
      name,
      arn,
      generate: {},
      text: readText(file),
      kmsKeyArn: undefined,
      resourcePolicy: undefined,
      rotationFunctionArn: undefined,
    };
  });
  return { ...deployment, secrets: [...deployment.secrets, ...given] };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new OptionError(`--secret: ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}
