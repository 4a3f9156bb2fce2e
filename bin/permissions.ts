import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesize } from '../local/synthesize.ts';
import { loadDeployment } from '../local/template.ts';
import { permissionsDocument } from './permissions/document.ts';

/** Writes docs/permissions.md from the template of the production stage. */
writeFileSync(
  join(import.meta.dirname, '../docs/permissions.md'),
  permissionsDocument(loadDeployment(await synthesize('prod'))),
);
