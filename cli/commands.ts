import type { Command } from './command.ts';
import { faults } from './faults.ts';
import { keys } from './keys.ts';
import { origins } from './origins.ts';
import { ring } from './ring.ts';
import { shops } from './shops.ts';
import { tokens } from './tokens.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [...shops, ...keys, ...tokens, ...origins, ...ring, ...faults];

export const nouns: readonly string[] = [...new Set(commands.map(({ words }) => words.split(' ')[0] as string))];
