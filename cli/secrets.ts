import { wrongUsage } from './failure.ts';
import { shellNames } from './output.ts';

const SHOP_KEY_VARIABLE = shellNames.shopApiKey;

const API_KEY = /(sk|an|dr|dev)_(live|test)_[0-9A-Za-z]{8}_/;
const AWS_KEY_ID = /(AKIA|ASIA)[A-Z0-9]{12}/;
const SIGNED = /[\w-]:\d{1,12}:[0-9a-f]{64}/;
const MAX_LINE_BYTES = 8_192;

/** Refuses a secret in the arguments, where every user of the machine can read it and the shell stores it. */
export function refuseSecrets(args: readonly string[]): void {
  if (args.some((argument) => API_KEY.test(argument) || holdsWidgetToken(argument)))
    throw wrongUsage(
      `An argument is a secret, and other users can read arguments: pass an API key in ${SHOP_KEY_VARIABLE} or on stdin, a widget token on stdin.`,
    );
  if (args.some((argument, at) => AWS_KEY_ID.test(argument) || (isAwsSecret(argument) && args[at - 1] !== '--cursor')))
    throw wrongUsage(
      'An argument is an AWS access key, and other users can read arguments: export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or specify a profile with --profile.',
    );
}

/** Forty separate Base64 characters of more kinds than a name or a hash has. */
const isAwsSecret = (argument: string): boolean =>
  /^(-[^=]*=)?[A-Za-z0-9+/]{40}$/.test(argument) &&
  [/[a-z]/g, /[A-Z]/g, /\d/g].every((kind) => (argument.slice(-40).match(kind)?.length ?? 0) > 0);

/** A token may follow other text, so its Base64 may begin at any of four positions of a run. */
function holdsWidgetToken(argument: string): boolean {
  const runs = argument.match(/[A-Za-z0-9+/_-]{90,}/g) ?? [];
  return runs.some((run) => [0, 1, 2, 3].some((at) => SIGNED.test(Buffer.from(run.slice(at), 'base64').toString())));
}

/** The shop's key from the environment or, if stdin is not a terminal, its first line. */
export async function readShopKey(): Promise<string> {
  return process.env[SHOP_KEY_VARIABLE] || (await readSecretLine(`the shop's API key in ${SHOP_KEY_VARIABLE} or`));
}

/** A key from an environment variable or the first line of stdin, checked to fit into a header. Throws `CliFailure`. */
export async function readKey(what: string, variable: string): Promise<string> {
  const key = process.env[variable] || (await readSecretLine(`${what} in ${variable} or`));
  if (!/^[\x21-\x7e]+$/.test(key))
    throw wrongUsage('The API key contains characters that no API key contains; copy it again.');
  return key;
}

export function shopKeyFromEnvironment(): string {
  const key = process.env[SHOP_KEY_VARIABLE];
  if (key) return key;
  throw wrongUsage(`Pass the shop's API key in ${SHOP_KEY_VARIABLE}.`);
}

/** The widget token on stdin, alone or in the JSON response of the issuer. */
export async function readToken(): Promise<string> {
  const line = await readSecretLine('the widget token');
  const [, token] = /^\{"token":"([^"\\]+)"\}$/.exec(line) ?? [];
  return token ?? line;
}

/** The first line of stdin, trimmed. If there is none, the message asks for `what`. */
async function readSecretLine(what: string): Promise<string> {
  const line = process.stdin.isTTY ? '' : ((await readStdin()).split('\n')[0]?.trim() ?? '');
  if (line === '') throw wrongUsage(`Pass ${what} on stdin, as its first line.`);
  return line;
}

/** Reads up to the first line break. Leaving the loop closes stdin, so the command does not wait for its writer. */
async function readStdin(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.includes('\n') || text.length > MAX_LINE_BYTES) break;
  }
  return text;
}
