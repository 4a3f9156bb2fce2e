import type { Command } from './command.ts';
import { audit } from './commands/audit.ts';
import { completion } from './commands/completion.ts';
import { cost } from './commands/cost.ts';
import { doctor } from './commands/doctor.ts';
import { explain } from './commands/explain.ts';
import { faults } from './commands/faults.ts';
import { iam } from './commands/iam.ts';
import { keys } from './commands/keys.ts';
import { local } from './commands/local.ts';
import { origins } from './commands/origins.ts';
import { revocations } from './commands/revocations.ts';
import { ring } from './commands/ring.ts';
import { serviceKeys } from './commands/service-keys.ts';
import { session } from './commands/session.ts';
import { shops } from './commands/shops.ts';
import { signingKeys } from './commands/signing-keys.ts';
import { smoke } from './commands/smoke.ts';
import { tokens } from './commands/tokens.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  ...session,
  ...shops,
  ...keys,
  ...tokens,
  ...origins,
  ...serviceKeys,
  ...revocations,
  ...explain,
  ...audit,
  ...doctor,
  ...smoke,
  ...cost,
  ...local,
  ...iam,
  ...ring,
  ...signingKeys,
  ...faults,
  completion(() => commands),
];

/** The possible first words of a command line. */
export const nouns: readonly string[] = [...new Set(commands.map(({ words }) => words.split(' ')[0] as string))];
