import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { FilesOrigin, Header } from './model.ts';

export interface FileAnswer {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: Buffer;
}

/** Content types by the name's extension, as the upload sets them; S3's own default for unknown ones. */
const CONTENT_TYPES = new Map([
  ['.js', 'text/javascript'],
  ['.css', 'text/css'],
  ['.html', 'text/html'],
  ['.json', 'application/json'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
]);

const refused = (status: number, code: string, message: string): FileAnswer => ({
  status,
  headers: [['Content-Type', 'application/xml']],
  body: Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  ),
});

const MISSING = refused(404, 'NoSuchKey', 'The specified key does not exist.');
const MALFORMED = refused(400, 'InvalidURI', "Couldn't parse the specified URI.");

/** The bucket: its objects by key, read once. A key is a name and no path, so no spelling of one leads anywhere else. */
export class StoredFiles {
  readonly #answers: ReadonlyMap<string, FileAnswer>;

  constructor({ objects }: FilesOrigin) {
    this.#answers = new Map(
      [...objects].map(([key, { file, cacheControl }]) => {
        const body = readFileSync(file);
        const headers: Header[] = [
          ['Content-Type', CONTENT_TYPES.get(extname(key)) ?? 'binary/octet-stream'],
          ['ETag', `"${createHash('md5').update(body).digest('hex')}"`],
        ];
        if (cacheControl !== undefined) headers.push(['Cache-Control', cacheControl]);
        return [key, { status: 200, headers, body }];
      }),
    );
  }

  /** @param path as it was sent; S3 decodes it once */
  get(path: string, ifNoneMatch: string | undefined): FileAnswer {
    const key = decoded(path.slice(1));
    if (key === undefined) return MALFORMED;
    const found = this.#answers.get(key) ?? MISSING;
    const etag = found.headers.find(([name]) => name === 'ETag')?.[1];
    if (etag === undefined || !names(ifNoneMatch, etag)) return found;
    const kept = found.headers.filter(([name]) => name !== 'Content-Type');
    return { status: 304, headers: kept, body: Buffer.alloc(0) };
  }
}

/** Weak comparison (RFC 9110 §13.1.2). */
const names = (ifNoneMatch: string | undefined, etag: string): boolean =>
  (ifNoneMatch ?? '').split(',').some((one) => ['*', etag].includes(one.trim().replace(/^W\//, '')));

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
