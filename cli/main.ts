import { once } from 'node:events';
import { resolve } from 'node:path';
import { adminGate } from './admin-gate.ts';
import { givenBaseUrl } from './base-url.ts';
import type { Command, CommandCall, Report } from './command.ts';
import { commands, nouns } from './commands.ts';
import { CliFailure, exitCodes, wrongUsage } from './failure.ts';
import { helpOn, usageOf } from './help.ts';
import { localGate } from './local-gate.ts';
import { parseOptions } from './options.ts';
import { refuseSecrets } from './secrets.ts';

/** Runs one command line and prints what came of it; the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const json = args.includes('--json');
  // Who reads, like "head", may have enough.
  process.stdout.on('error', () => process.exit(exitCodes.done));
  try {
    const report = await run(args);
    if (report !== undefined) await print(json ? JSON.stringify(report.json) : report.text);
    return report?.exitCode ?? exitCodes.done;
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    const { code, message, exitCode } = error;
    if (json) await print(JSON.stringify({ ok: false, code, message }));
    else process.stderr.write(`widget-gate: ${code}: ${message}\n`);
    return exitCode;
  }
}

async function print(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
}

async function run(args: readonly string[]): Promise<Report | undefined> {
  refuseSecrets(args);
  const [noun, verb] = args;
  if (args.includes('--help')) return help(noun);
  const command = commands.find(({ words }) => words === noun || words === `${noun} ${verb}`);
  if (command === undefined) throw wrongUsage(unknownCommand(noun));
  const { operands, options } = parseOptions(args.slice(command.words.split(' ').length), command.options);
  checkOperands(command, operands);
  const baseUrl = givenBaseUrl(options);
  if (command.isLocal && options.text('url') !== undefined)
    throw wrongUsage(`"${command.words}" is for the gate on this machine: leave --url out.`);
  const local = localGate(resolve(options.text('data-dir') ?? '.widget-gate'));
  const gate = adminGate(() => baseUrl ?? local.baseUrl);
  return command.run({ operands: operands as CommandCall['operands'], options, gate, local, print });
}

function help(noun: string | undefined): Report {
  const text = helpOn(nouns.find((known) => known === noun));
  return { json: { ok: true, help: text }, text };
}

function unknownCommand(noun: string | undefined): string {
  if (noun === undefined || !nouns.includes(noun))
    return `The first word is one of ${nouns.join(', ')}; see widget-gate --help.`;
  const verbs = commands.map(({ words }) => words.split(' ')).filter(([first]) => first === noun);
  return `After "${noun}" comes one of ${verbs.map(([, verb]) => verb).join(', ')}; see widget-gate ${noun} --help.`;
}

function checkOperands(command: Command, given: readonly string[]): void {
  const { operands } = command;
  const enough = given.length >= operands.length;
  const tooMany = given.length > operands.length && !operands.at(-1)?.endsWith('…');
  if (!enough || tooMany) throw wrongUsage(`Type: widget-gate ${usageOf(command)}`);
}
