import { resolve } from 'node:path';
import { adminGate, givenBaseUrl } from './admin-gate.ts';
import type { Command, CommandCall, Report } from './command.ts';
import { commandLine, usageOf } from './command-line.ts';
import { CliFailure, exitCodes, wrongUsage } from './failure.ts';
import { localGate } from './local-gate.ts';
import { parseOptions } from './options.ts';
import { type Output, processOutput } from './output.ts';
import { refuseSecrets } from './secrets.ts';

/** Runs one command line and prints its result; returns the exit code. */
export async function main(args: readonly string[], output: Output = processOutput()): Promise<number> {
  const json = args.includes('--json');
  try {
    const report = await run(args, output);
    if (report !== undefined) await print(report, json, output);
    return report?.exitCode ?? exitCodes.done;
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    const { code, message, exitCode } = error;
    if (json) await output.json({ ok: false, code, message });
    else output.error(`widget-gate: ${code}: ${message}`);
    return exitCode;
  }
}

const print = ({ json, text, bare }: Report, asJson: boolean, output: Output): Promise<void> =>
  asJson ? output.json(json) : output.text(output.isPiped ? (bare ?? text) : text);

async function run(args: readonly string[], output: Output): Promise<Report | undefined> {
  refuseSecrets(args);
  const line = commandLine(args);
  if ('report' in line) return line.report;
  const { command, rest } = line;
  const { operands, options } = parseOptions(rest, command.options, command.words);
  checkOperands(command, operands);
  const baseUrl = givenBaseUrl(options);
  if (command.isLocal && options.text('url') !== undefined)
    throw wrongUsage(`"${command.words}" is only for the gate on this machine: omit --url.`);
  const local = localGate(resolve(options.text('data-dir') ?? '.widget-gate'));
  const gate = adminGate(() => baseUrl ?? local.baseUrl);
  return command.run({ operands: operands as CommandCall['operands'], options, gate, local, output });
}

function checkOperands(command: Command, given: readonly string[]): void {
  const { operands } = command;
  const enough = given.length >= operands.length;
  const tooMany = given.length > operands.length && !operands.at(-1)?.endsWith('…');
  if (!enough || tooMany) throw wrongUsage(`Usage: widget-gate ${usageOf(command)}`);
}
