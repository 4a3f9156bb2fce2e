import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesize } from '#local/synthesize.ts';
import { permissionsDocument } from './permissions/document.ts';
import { loadStage } from './start/stage.ts';

/** Writes docs/permissions.md from the template of the production stage. */
writeFileSync(
  join(import.meta.dirname, '../docs/permissions.md'),
  permissionsDocument(loadStage(await synthesize('prod'))),
);
