import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { refused } from './failure.ts';

/** The settings of one profile, by lower-case name. */
export type Settings = ReadonlyMap<string, string>;

/** Profiles by name. */
type Profiles = ReadonlyMap<string, Settings>;

const home = (): string => process.env.HOME || homedir();

/** Where the AWS tools keep profiles. */
const files = (): { readonly config: string; readonly credentials: string } => ({
  config: process.env.AWS_CONFIG_FILE || join(home(), '.aws/config'),
  credentials: process.env.AWS_SHARED_CREDENTIALS_FILE || join(home(), '.aws/credentials'),
});

/** Reads a profile of ~/.aws/config and ~/.aws/credentials, the latter first. Undefined: neither file has it. Throws `CliFailure`. */
export function readProfile(name: string): Settings | undefined {
  const { config, credentials } = files();
  const inConfig = readProfiles(config, (title) => (title === 'default' ? title : /^profile\s+(.+)$/.exec(title)?.[1]));
  const inCredentials = readProfiles(credentials, (title) => title);
  const found = [inConfig.get(name), inCredentials.get(name)].filter((settings) => settings !== undefined);
  return found.length === 0 ? undefined : new Map(found.flatMap((settings) => [...settings]));
}

/** The names of all profiles. Throws `CliFailure`. */
export function profileNames(): string[] {
  const { config, credentials } = files();
  const inConfig = readProfiles(config, (title) => (title === 'default' ? title : /^profile\s+(.+)$/.exec(title)?.[1]));
  return [...new Set([...inConfig.keys(), ...readProfiles(credentials, (title) => title).keys()])].sort();
}

function readProfiles(file: string, nameOf: (title: string) => string | undefined): Profiles {
  const profiles = new Map<string, Map<string, string>>();
  let current: Map<string, string> | undefined;
  for (const [at, line] of linesOf(file).entries()) {
    const [, title] = /^\s*\[([^\]]+)\]\s*([#;].*)?$/.exec(line) ?? [];
    if (title !== undefined) {
      const name = nameOf(title.trim().replaceAll(/["']/g, ''));
      current = new Map(name === undefined ? [] : profiles.get(name));
      if (name !== undefined) profiles.set(name, current);
      continue;
    }
    // A line that begins with a blank belongs to a nested setting.
    if (/^\s*([#;]|$)/.test(line) || /^\s/.test(line)) continue;
    const [, key, value] = /^([^=\s]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    // Its text is not repeated: it may be a secret.
    if (key === undefined || current === undefined)
      throw refused(
        'malformed_aws_file',
        `Line ${at + 1} of ${file} is not a [section] and not a setting such as "region = eu-west-1" within one: correct it.`,
      );
    current.set(key.toLowerCase(), (value as string).replace(/\s[#;].*$/, ''));
  }
  return profiles;
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw refused('unreadable_aws_file', `${file} cannot be read (${code}): correct its permissions.`);
  }
}
