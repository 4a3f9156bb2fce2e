import type { Command } from '#cli/command.ts';
import { usageOf } from '#cli/command-line.ts';
import { commands, nouns } from '#cli/commands.ts';
import { exitCodes } from '#cli/failure.ts';
import { allOptions, type OptionName } from '#cli/options.ts';
import type { AdminAction } from '#contract/admin-api.ts';
import { type CliExample, cliExamples } from './cli-examples.ts';
import { commonOptionTexts, optionTexts } from './cli-options.ts';
import { code, pageHead, sentence, table } from './page.ts';

const PURPOSE = `This page is for administrators and operators who use the command line of a gate. It lists every command with its usage, its options and an
example.

In a checkout the command line is \`bin/widget-gate.js\`, as in the examples; installed from the package it is \`widget-gate\`.
Secrets are never arguments, because every user of a machine can read those: keys come from variables or stdin.`;

const BEGINNING = `## Before the examples

The examples work at a local gate (\`npm start\`), in this order. These lines make a terminal ready for them:

\`\`\`sh
eval "$(bin/widget-gate.js local keys)"
bin/widget-gate.js login --user "$WIDGET_GATE_USER"
\`\`\`

For a gate on AWS, set \`WIDGET_GATE_URL\` or add \`--url\`, and log in with an access key of AWS.`;

/** The commands that carry an action out. */
export const commandsOf = (action: AdminAction): string[] =>
  Object.entries(cliExamples).flatMap(([words, { actions = [] }]) => (actions.includes(action) ? [words] : []));

/** docs/cli.md */
export function cliPage(): string {
  const unknown = Object.keys(cliExamples).filter((words) => !commands.some((command) => command.words === words));
  if (unknown.length > 0) throw new Error(`bin/references/cli-examples.ts has commands that do not exist: ${unknown}`);
  return `${[
    pageHead('Command line', PURPOSE),
    BEGINNING,
    everyCommand(),
    ...nouns.flatMap((noun) => [
      `## ${noun}`,
      ...commands.filter(({ words }) => words.split(' ')[0] === noun).map((command) => entryOf(command, noun)),
    ]),
  ].join('\n\n')}\n`;
}

const everyCommand = (): string => `## Every command

${table(
  ['option', 'meaning'],
  Object.entries(commonOptionTexts).map(([name, text]) => [optionOf(name), text]),
)}

${table(
  ['exit code', 'meaning'],
  [
    [String(exitCodes.done), 'Done.'],
    [String(exitCodes.refused), 'The gate refused it, or a check failed.'],
    [String(exitCodes.wrongUsage), 'The command line is wrong.'],
    [String(exitCodes.notReachable), 'The gate could not be reached.'],
  ],
)}`;

function entryOf(command: Command, noun: string): string {
  const { words, options, summary, isLocal } = command;
  const { example, needs, actions = [] } = exampleOf(words);
  return [
    // A command of one word is its noun's section.
    ...(words === noun ? [] : [`### ${words}`]),
    sentence(summary),
    ...(isLocal === true ? ['Only at a local gate.'] : []),
    `\`\`\`text\nwidget-gate ${usageOf(command)}\n\`\`\``,
    ...(options.length === 0 ? [] : [optionTable(options)]),
    ...(needs === undefined ? [] : [`Needs: ${needs.charAt(0).toLowerCase()}${needs.slice(1)}`]),
    `Example:\n\n\`\`\`sh\n${example}\n\`\`\``,
    ...(actions.length === 0
      ? []
      : [`Admin API: ${actions.map((action) => `[${code(action)}](admin-api.md#${action})`).join(', ')}.`]),
  ].join('\n\n');
}

function exampleOf(words: string): CliExample {
  const example = cliExamples[words];
  if (example === undefined) throw new Error(`bin/references/cli-examples.ts has no example of "${words}"`);
  return example;
}

const optionTable = (names: readonly OptionName[]): string =>
  table(
    ['option', 'meaning'],
    names.map((name) => [optionOf(name), optionTexts[name]]),
  );

function optionOf(name: string): string {
  const option = allOptions[name as keyof typeof allOptions];
  const short = 'short' in option ? `, ${code(`-${option.short}`)}` : '';
  return `${code(`--${name}${option.type === 'string' ? ' …' : ''}`)}${short}`;
}
