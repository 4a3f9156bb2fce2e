import { exec } from 'node:child_process';
import { refused } from './failure.ts';

/** What a `credential_process` printed; members that it left out are empty. */
export interface ProcessCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

const TIMEOUT_MILLISECONDS = 120_000;

/**
 * Runs a profile's `credential_process`, once. What it prints, on stderr too, is never repeated: it may hold secrets. Throws `CliFailure`.
 */
export async function runCredentialProcess(profile: string, command: string): Promise<ProcessCredentials> {
  const { code, signal, stdout } = await run(command);
  const whose = `The credential_process of profile "${profile}"`;
  if (signal !== null) throw failed(`${whose} was ended by ${signal}, after ${TIMEOUT_MILLISECONDS / 1_000} s at most`);
  if (code !== 0) throw failed(`${whose} failed with exit code ${code}. Run it by itself to see why`);
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
  refused(code, `${sentence}, or choose another profile with --profile.`);

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
