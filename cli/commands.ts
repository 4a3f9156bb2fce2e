import { audit } from './audit.ts';
import type { Command } from './command.ts';
import { completion } from './completion.ts';
import { cost } from './cost.ts';
import { doctor } from './doctor.ts';
import { explain } from './explain.ts';
import { faults } from './faults.ts';
import { iam } from './iam.ts';
import { keys } from './keys.ts';
import { local } from './local.ts';
import { origins } from './origins.ts';
import { revocations } from './revocations.ts';
import { ring } from './ring.ts';
import { serviceKeys } from './service-keys.ts';
import { session } from './session.ts';
import { shops } from './shops.ts';
import { signingKeys } from './signing-keys.ts';
import { smoke } from './smoke.ts';
import { tokens } from './tokens.ts';

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

/** The words that a command line can begin with. */
export const nouns: readonly string[] = [...new Set(commands.map(({ words }) => words.split(' ')[0] as string))];
