import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireCounterpart } from '../support/counterparts.ts';
import { runMain } from '../support/run-main.ts';

let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'widget-gate-completion-'));
  for (const shell of ['bash', 'zsh', 'fish'])
    writeFileSync(join(directory, shell), (await runMain(['completion', shell])).stdout);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Has a real shell complete the last word; replaces only the keyboard. */
const complete: Record<string, (script: string, words: readonly string[]) => readonly string[]> = {
  bash: (script, words) => [
    '-c',
    `source ${script}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); $(complete -p "\${1##*/}" | sed 's/.*-F \\([^ ]*\\).*/\\1/'); printf '%s\\n' "\${COMPREPLY[@]}"`,
    'bash',
    ...words,
  ],
  zsh: (script, words) => [
    '-fc',
    // Outside of the line editor there is no compadd: this one matches as it would.
    `source ${script}; compadd() { shift; for one in "$@"; do [[ $one == "\${words[CURRENT]}"* ]] && print -r -- $one; done }; words=("$@"); CURRENT=$#; $_comps[\${1:t}]`,
    'zsh',
    ...words,
  ],
  fish: (script, words) => ['--no-config', '-c', `source ${script}; complete -C '${words.join(' ')}'`],
};

const rows: [string, string[]][] = [
  ['widget-gate sho', ['shops']],
  ['bin/widget-gate.js sho', ['shops']],
  ['widget-gate shops res', ['resume']],
  ['widget-gate --url https://a.example shops cr', ['create']],
  ['widget-gate shops create https://a.example --req', ['--require-origin']],
  ['widget-gate shops require-origin shop_one o', ['off', 'on']],
  ['widget-gate service-keys add d', ['data-router', 'dev']],
  ['widget-gate service-keys revoke', ['revoke', 'revoke-tokens']],
  ['widget-gate help tok', ['tokens']],
  ['widget-gate completion z', ['zsh']],
];

describe.each(['bash', 'zsh', 'fish'] as const)('%s', (shell) => {
  beforeAll(() => {
    if (shell !== 'bash') requireCounterpart(shell);
  });

  test.each(rows)('completes "%s"', (line, expected) => {
    const args = complete[shell]?.(join(directory, shell), line.split(' ')) ?? [];
    const { stdout, stderr } = spawnSync(shell, args, { encoding: 'utf8', env: { ...process.env, HOME: directory } });
    expect([
      stdout
        .split('\n')
        .filter((word) => word !== '')
        .sort(),
      stderr,
    ]).toEqual([expected, '']);
  });
});
