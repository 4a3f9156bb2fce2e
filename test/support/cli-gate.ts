import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AwsUser } from './admin.ts';
import { type AnnouncedUser, type LocalProcess, startLocal } from './local-process.ts';
import type { CliRun } from './run-cli.ts';
import { type MainInput, runMain } from './run-main.ts';

/** A started gate with a command line whose home is a folder of its own. */
export interface CliGate {
  readonly directory: string;
  readonly sessionFile: string;
  readonly gate: LocalProcess;
  readonly admin: AwsUser;
  readonly outsider: AwsUser;
  /** Runs a command, its words separated by one space each, as at a terminal by default. */
  cli(command: string, input?: MainInput): Promise<CliRun>;
  /** The one object that a command prints with --json. */
  json(command: string, input?: MainInput): Promise<Record<string, unknown>>;
  logIn(user: AwsUser): Promise<CliRun>;
  close(): Promise<void>;
}

/** What a person exports to be an IAM user. */
export const keyEnvironment = ({ accessKeyId, secretAccessKey }: AwsUser): Record<string, string> => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
});

export async function startCliGate(): Promise<CliGate> {
  const directory = mkdtempSync(join(tmpdir(), 'widget-gate-cli-'));
  const sessionFile = join(directory, 'home/sessions.json');
  const gate = await startLocal('--data-dir', directory);
  const { admin, outsider } = gate.announcement;
  const cli = (command: string, { env, ...input }: MainInput = {}): Promise<CliRun> =>
    runMain([...command.split(' '), '--data-dir', directory], {
      isTerminal: true,
      ...input,
      env: { HOME: directory, WIDGET_GATE_SESSION_FILE: sessionFile, ...env },
    });
  return {
    directory,
    sessionFile,
    gate,
    admin: userOf(admin),
    outsider: userOf(outsider),
    cli,
    async json(command, input) {
      const { stdout, stderr } = await cli(`${command} --json`, input);
      expect([stderr, stdout.trimEnd().split('\n').length]).toEqual(['', 1]);
      return JSON.parse(stdout) as Record<string, unknown>;
    },
    logIn: (user) => cli(`login --user ${user.userName}`, { env: keyEnvironment(user) }),
    async close() {
      await gate.end('SIGTERM');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function userOf({ userName, accessKeyId, secretAccessKey }: AnnouncedUser): AwsUser {
  if (accessKeyId === undefined || secretAccessKey === undefined) throw new Error('the key was not announced');
  return { userName, accessKeyId, secretAccessKey };
}
