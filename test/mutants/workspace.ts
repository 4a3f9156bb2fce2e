import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Made by builds and runs, or not ours to copy. */
const LEFT_OUT = new Set(['node_modules', 'dist', 'cdk.out', 'coverage', '.git', '.widget-gate', '.mutants']);

/** Every file of a checkout, by its path in it. */
export const filesOf = (root: string, folder = ''): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (LEFT_OUT.has(entry.name)) return [];
    return entry.isDirectory() ? filesOf(root, path) : entry.isFile() ? [path] : [];
  });

/** A copy of a checkout in a folder of its own, whose files and bundles may be changed: the checkout itself never is. */
export class Workspace {
  readonly root: string;
  /** The contents of the checkout when the copy was made, whatever happens to the checkout meanwhile. */
  readonly #originals: ReadonlyMap<string, Buffer>;
  readonly #changed = new Set<string>();
  #bundlesStale = new Set<string>();

  constructor(original: string) {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), 'widget-gate-mutants-')));
    this.#originals = new Map(filesOf(original).map((file) => [file, readFileSync(join(original, file))]));
    for (const file of this.#originals.keys()) {
      mkdirSync(dirname(join(this.root, file)), { recursive: true });
      // With its mode: commands are executable.
      copyFileSync(join(original, file), join(this.root, file));
    }
    symlinkSync(realpathSync(join(original, 'node_modules')), join(this.root, 'node_modules'));
  }

  get files(): readonly string[] {
    return [...this.#originals.keys()];
  }

  /** The unchanged text. */
  read(file: string): string {
    return this.#originals.get(file)?.toString('utf8') ?? '';
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.root, file), text);
    this.#changed.add(file);
    this.#bundlesStale.add(file);
  }

  /** Gives every changed file its text back. Bundles follow with the next `build`. */
  restore(): void {
    for (const file of this.#changed) {
      this.#putBack(file);
      this.#bundlesStale.add(file);
    }
    this.#changed.clear();
  }

  /**
   * Bundles again what changed files are in; false if one of them can't be bundled. The first call bundles everything. Throws when files that
   * nobody changed can't be bundled: then no test would prove anything.
   */
  async build(): Promise<boolean> {
    const script = join(this.root, 'bin/build.ts');
    if (!existsSync(script)) return true;
    const { build } = (await import(pathToFileURL(script).href)) as typeof import('#bin/build.ts');
    const meta = join(this.root, 'dist/meta');
    try {
      if (!existsSync(meta)) await build();
      else if (this.#bundlesStale.size > 0) await build(this.#staleFunctions(meta), this.#isWebStale());
      this.#bundlesStale = new Set(this.#changed);
      return true;
    } catch (error) {
      if (this.#changed.size === 0) throw error;
      return false;
    }
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  #staleFunctions(meta: string): string[] {
    return readdirSync(meta)
      .filter((name) => {
        const { inputs } = JSON.parse(readFileSync(join(meta, name), 'utf8')) as { inputs: object };
        return Object.keys(inputs).some((file) => this.#bundlesStale.has(file));
      })
      .map((name) => name.replace('.json', ''));
  }

  #isWebStale(): boolean {
    return [...this.#bundlesStale].some((file) => /^(web|contract)\//.test(file));
  }

  #putBack(file: string): void {
    writeFileSync(join(this.root, file), this.#originals.get(file) ?? '');
  }
}
