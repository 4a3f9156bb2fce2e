import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from '../command.ts';
import { notReachable, refused } from '../failure.ts';
import { exportLine, shellNames } from '../output.ts';

interface Key {
  readonly apiKey: string;
}

interface User {
  readonly userName: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The credentials that a local gate stores for trying it out. A production stage has only the users. */
export interface TestKeys {
  readonly shop?: Key & { readonly shopId: string; readonly url: string };
  readonly analytics?: Key;
  readonly dataRouter?: Key;
  readonly admin?: User;
  readonly outsider?: User;
}

/** The lines that make a shell ready for the blocks of the documents, beside a local gate. */
export function testKeyExports(baseUrl: string, { shop, analytics, dataRouter, admin }: TestKeys): string {
  const lines: [string, string][][] = [
    [['WIDGET_GATE_URL', baseUrl]],
    shop === undefined
      ? []
      : [
          [shellNames.shopId, shop.shopId],
          [shellNames.shopApiKey, shop.apiKey],
          ['WIDGET_GATE_SHOP_ORIGIN', shop.url],
        ],
    analytics === undefined ? [] : [[shellNames.analytics, analytics.apiKey]],
    dataRouter === undefined ? [] : [[shellNames['data-router'], dataRouter.apiKey]],
    admin === undefined
      ? []
      : [
          ['WIDGET_GATE_USER', admin.userName],
          ['AWS_ACCESS_KEY_ID', admin.accessKeyId],
          ['AWS_SECRET_ACCESS_KEY', admin.secretAccessKey],
        ],
  ];
  return lines
    .filter((variables) => variables.length > 0)
    .map(exportLine)
    .join('\n');
}

export const local: readonly Command[] = [
  {
    words: 'local keys',
    operands: [],
    options: [],
    isLocal: true,
    summary:
      'print the test keys of the running local gate again, as export lines: eval "$(bin/widget-gate.js local keys)"',
    async run({ options, local: { baseUrl, stage } }) {
      const keys = readTestKeys(join(resolve(options.text('data-dir') ?? '.widget-gate'), 'test-keys.json'), stage);
      return { json: { ok: true, baseUrl, ...keys }, text: testKeyExports(baseUrl, keys) };
    },
  },
];

function readTestKeys(file: string, stage: string): TestKeys {
  try {
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0)
      throw refused('keys_exposed', `Other users can read ${file}: run "chmod 600" on it, and replace the keys.`);
    const keys = (JSON.parse(readFileSync(file, 'utf8')) as Record<string, TestKeys>)[stage];
    if (keys !== undefined) return keys;
  } catch (error) {
    if ((error as Error).name === 'CliFailure') throw error;
    // Reported below, like a file without this stage.
  }
  throw notReachable(`This gate has no test keys (no ${file}): start it again with "npm start".`);
}
