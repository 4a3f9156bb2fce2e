import { wrongUsage } from './failure.ts';

export const SHOP_KEY_VARIABLE = 'WIDGET_GATE_SHOP_API_KEY';

const API_KEY = /(sk|an|dr|dev)_(live|test)_[0-9A-Za-z]{8}_/;
const SIGNED = /[\w-]:\d{1,12}:[0-9a-f]{64}/;
const MAX_LINE_BYTES = 8_192;

/** Refuses a secret among the arguments, where every user of the machine can read it and the shell writes it down. */
export function refuseSecrets(args: readonly string[]): void {
  if (args.some((argument) => API_KEY.test(argument) || holdsWidgetToken(argument)))
    throw wrongUsage(
      `An argument is a secret, which others can read there: pass an API key in ${SHOP_KEY_VARIABLE} or on stdin, a widget token on stdin.`,
    );
}

/** A token may stand after other text, so its Base64 may begin at any of four places of a run. */
function holdsWidgetToken(argument: string): boolean {
  const runs = argument.match(/[A-Za-z0-9+/_-]{90,}/g) ?? [];
  return runs.some((run) => [0, 1, 2, 3].some((at) => SIGNED.test(Buffer.from(run.slice(at), 'base64').toString())));
}

/** The shop's key from the environment or, where a program feeds it, the first line of stdin. */
export async function readShopKey(): Promise<string> {
  return process.env[SHOP_KEY_VARIABLE] || (await readSecretLine(`the shop's API key in ${SHOP_KEY_VARIABLE} or`));
}

export function shopKeyFromEnvironment(): string {
  const key = process.env[SHOP_KEY_VARIABLE];
  if (key) return key;
  throw wrongUsage(`Pass the shop's API key in ${SHOP_KEY_VARIABLE}.`);
}

/** The first line of stdin, without the spaces around it. `what` is asked for when there is none. */
export async function readSecretLine(what: string): Promise<string> {
  const line = process.stdin.isTTY ? '' : ((await readStdin()).split('\n')[0]?.trim() ?? '');
  if (line === '') throw wrongUsage(`Pass ${what} on stdin, as its first line.`);
  return line;
}

/** Reads up to the first line break; leaving the loop closes stdin, so that who feeds it is not waited for. */
async function readStdin(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.includes('\n') || text.length > MAX_LINE_BYTES) break;
  }
  return text;
}
