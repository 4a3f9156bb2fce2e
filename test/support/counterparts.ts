import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program that some tests need beside Node. */
export interface Counterpart {
  /** The Debian packages that it is in, as `.ci/run` installs them. */
  readonly packages: readonly string[];
  readonly isThere: () => boolean;
}

const runs = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0;

/** Every program that tests run against, and where it comes from. */
export const counterparts = {
  chromium: { packages: ['chromium'], isThere: () => findChromium() !== undefined },
  curl: { packages: ['curl'], isThere: () => runs('curl', '--version') },
  fish: { packages: ['fish'], isThere: () => runs('fish', '--version') },
  jq: { packages: ['jq'], isThere: () => runs('jq', '--version') },
  lighttpd: { packages: ['lighttpd'], isThere: () => runs('lighttpd', '-v') },
  nginx: { packages: ['nginx-light'], isThere: () => runs('nginx', '-v') },
  openssl: { packages: ['openssl'], isThere: () => runs('openssl', 'version') },
  php: {
    packages: ['php-cli', 'php-curl'],
    isThere: () => runs('php', '-r', 'exit((int) !function_exists("curl_init"));'),
  },
  python3: { packages: ['python3'], isThere: () => runs('python3', '--version') },
  'PyJWT for python3': {
    packages: ['python3-jwt', 'python3-cryptography'],
    isThere: () => findPythonWithJwt() !== undefined,
  },
  zsh: { packages: ['zsh'], isThere: () => runs('zsh', '--version') },
} as const satisfies Record<string, Counterpart>;

export type CounterpartName = keyof typeof counterparts;

/** Throws where the program is missing, with the line that installs it. A test without its counterpart fails: skipped, it would show nothing. */
export function requireCounterpart(
  name: CounterpartName,
  { packages, isThere }: Counterpart = counterparts[name],
): void {
  if (isThere()) return;
  const more = name === 'chromium' ? ', or name a browser in CHROMIUM_PATH' : '';
  throw new Error(`This test needs ${name}. Run: apt-get install ${packages.join(' ')}${more}`);
}

/** A Python that has PyJWT with EdDSA: one that is first in the path may lack what Debian's has. */
export const findPythonWithJwt = (): string | undefined =>
  ['python3', '/usr/bin/python3'].find((python) => runs(python, '-c', 'import jwt, cryptography'));

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Where Chromium is: CHROMIUM_PATH, else one of its usual names; undefined where there is none. */
export function findChromium(): string | undefined {
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)];
  const candidates = CHROMIUM_NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [process.env.CHROMIUM_PATH ?? '', ...candidates].find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return path !== '';
  } catch {
    return false;
  }
}
