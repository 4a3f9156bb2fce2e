import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { adminApiPage } from './admin-api.ts';
import { cliPage } from './cli.ts';
import { errorsPage } from './errors.ts';
import { limitsPage } from './limits.ts';
import { openApiDocument } from './openapi/document.ts';

const root = join(import.meta.dirname, '../..');

/** Every generated reference: its path in the repository, and its text. */
export function references(): ReadonlyMap<string, string> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
  return new Map([
    ['docs/openapi.json', `${JSON.stringify(openApiDocument(version), undefined, 2)}\n`],
    ['docs/cli.md', cliPage()],
    ['docs/admin-api.md', adminApiPage()],
    ['docs/errors.md', errorsPage()],
    ['docs/limits.md', limitsPage(readFileSync(join(root, 'contract/limits.ts'), 'utf8'))],
  ]);
}
